import { afterEach, expect, it } from 'vitest';
import { until } from '#engine/testing';
import { TwoNodes } from './testing/ownership/TwoNodes.ts';

let site: TwoNodes | undefined;
afterEach(() => site?.close());

it('A lecture whose process is killed continues in another one; the restarted process delivers what it had, and the recording is complete', async () => {
  site = await TwoNodes.open();
  const first = await site.start();
  const second = site.other(first);
  await site.untilRecorded(2);

  await first.kill();
  await until('the takeover', () => second.has('owner', 0));
  await site.untilRecorded(2);
  await first.start();
  await site.end(second);

  await Promise.all([first.stop(), second.stop()]);
  expect(await site.recordings()).toBe(1);
  expect(await site.log()).toMatchObject({ late: [], gaps: 0, lost: [] });
  for (const { isWhole, recordings, foreign } of await site.audits()) {
    expect(recordings.flatMap(({ damages }) => damages)).toEqual([]);
    expect(foreign).toEqual([]);
    expect(isWhole).toBe(true);
    expect(recordings).toMatchObject([{ state: 'finished', isStored: true, waiting: 0, waitingElsewhere: 0 }]);
  }
}, 240_000);
