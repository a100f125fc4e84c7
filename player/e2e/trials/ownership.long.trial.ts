import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '#engine/testing';
import { TwoNodes } from '#recorder/testing';
import type { LectureNode } from '#recorder/testing';
import { seededRandom, trialSeed } from './seededRandom.ts';
import { TrialReport } from './TrialReport.ts';
import { trialSize } from './trialSize.ts';

const rounds = trialSize({ short: 2, long: 100 });
/** A process that is stopped for longer than its lease loses its lecture. */
const longestStopMs = 9000;
const leaseMs = 5000;
const random = seededRandom(trialSeed('ownership'));
const report = new TrialReport('ownership');

describe('two processes that want one lecture', () => {
  let site: TwoNodes | undefined;
  afterEach(() => site?.close());

  /** Stops the owner, sometimes also the other process for a while. Resolves with the new owner. */
  async function stopOwner(owner: LectureNode): Promise<LectureNode> {
    if (!site) throw new Error('not open');
    const other = site.other(owner);
    const [ownersEvents, othersEvents] = [owner.events.length, other.events.length];
    const stopMs = leaseMs + random() * (longestStopMs - leaseMs);
    const startedAt = performance.now();
    owner.signal('SIGSTOP');
    const isOtherStopped = random() < 0.2;
    if (isOtherStopped) other.signal('SIGSTOP');
    await sleep(isOtherStopped ? stopMs / 2 : 0);
    other.signal('SIGCONT');
    await until('the takeover', () => other.has('owner', othersEvents));
    const takeoverMs = performance.now() - startedAt;
    await sleep(Math.max(0, stopMs - takeoverMs));
    owner.signal('SIGCONT');
    await until('the loser to let go', () => owner.has('letGo', ownersEvents));
    report.add({ 'stopped s': Math.round(stopMs / 100) / 10, 'both stopped': isOtherStopped, 'taken over after s': Math.round(takeoverMs / 100) / 10 });
    return other;
  }

  it(`has one owner at a time, ${rounds} times stopped for longer than its lease; the loser writes nothing, and the audit is clean`, async () => {
    site = await TwoNodes.open();
    let owner = await site.start();
    for (let round = 0; round < rounds; round += 1) {
      await sleep(random() * 1500);
      owner = await stopOwner(owner);
    }
    await site.untilRecorded(1);
    await site.end(owner);
    await Promise.all(site.nodes.map((node) => node.stop()));

    expect(await site.recordings()).toBe(1);
    const { rows, ...log } = await site.log();
    expect(log).toEqual({ late: [], gaps: 0, lost: [] });
    const audits = await site.audits();
    report.add({ rounds, 'rows of the log': rows, 'segments': audits[0]?.recordings[0]?.tracks.reduce((sum, { segments }) => sum + segments, 0) ?? 0, damages: audits.reduce((sum, { recordings }) => sum + recordings.reduce((all, { damages }) => all + damages.length, 0), 0) });
    for (const { recordings, foreign } of audits) {
      expect([...recordings.flatMap(({ damages }) => damages), ...foreign]).toEqual([]);
      expect(recordings).toMatchObject([{ state: 'finished', isStored: true, waitingElsewhere: 0 }]);
    }
  });
});
