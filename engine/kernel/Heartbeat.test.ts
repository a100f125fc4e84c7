import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock, silentLogger, until } from '../testing/index.ts';
import { Heartbeat } from './Heartbeat.ts';

let folder: string;
let file: string;
let clock: ManualClock;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lectern-alive-'));
  file = path.join(folder, 'alive');
  clock = new ManualClock();
});
afterEach(() => rm(folder, { recursive: true }));

const isFresh = async () => {
  const awayMs = await Heartbeat.downtimeMs(file);
  return awayMs !== undefined && Math.abs(awayMs) < 60_000;
};
const age = async () => {
  const anHourAgo = new Date(Date.now() - 3_600_000);
  await utimes(file, anHourAgo, anHourAgo);
};

describe('the mark of a server at work', () => {
  it('is not there before the first', async () => {
    expect(await Heartbeat.downtimeMs(file)).toBeUndefined();
  });

  it('says for how long none has been, and is set at the start, every ten seconds, and at the end', async () => {
    const mark = await Heartbeat.start({ file, clock, logger: silentLogger });
    expect(await isFresh()).toBe(true);
    for (let times = 0; times < 2; times += 1) {
      await age();
      expect(Math.round(((await Heartbeat.downtimeMs(file)) ?? 0) / 60_000)).toBe(60);
      clock.advance(10_000);
      await until('the mark to be set again', isFresh);
    }
    await age();
    await mark.close();
    expect(await isFresh()).toBe(true);
  });

  it('keeps nobody from working where the disk refuses it', async () => {
    const mark = await Heartbeat.start({ file: path.join(folder, 'nowhere', 'alive'), clock, logger: silentLogger });
    await mark.close();
  });
});
