import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock, silentLogger, until } from '../testing/index.ts';
import { Heartbeat } from './Heartbeat.ts';
import { heartbeatIntervalMs } from './limits.ts';

let folder: string;
let file: string;
let clock: ManualClock;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lectern-heartbeat-'));
  file = path.join(folder, 'alive');
  clock = new ManualClock();
});
afterEach(() => rm(folder, { recursive: true }));

const isFresh = async () => {
  const downtimeMs = await Heartbeat.downtimeMs(file);
  return downtimeMs !== undefined && Math.abs(downtimeMs) < 60_000;
};
const setBackAnHour = async () => {
  const anHourAgo = new Date(Date.now() - 3_600_000);
  await utimes(file, anHourAgo, anHourAgo);
};

describe('Heartbeat', () => {
  it('has no downtime before the first start', async () => {
    expect(await Heartbeat.downtimeMs(file)).toBeUndefined();
  });

  it('updates the file at the start, at every interval and at the end', async () => {
    const heartbeat = await Heartbeat.start({ file, clock, logger: silentLogger });
    expect(await isFresh()).toBe(true);
    for (let times = 0; times < 2; times += 1) {
      await setBackAnHour();
      expect(Math.round(((await Heartbeat.downtimeMs(file)) ?? 0) / 60_000)).toBe(60);
      clock.advance(heartbeatIntervalMs);
      await until('the file to be updated', isFresh);
    }
    await setBackAnHour();
    await heartbeat.close();
    expect(await isFresh()).toBe(true);
  });

  it('starts and closes when the file cannot be written', async () => {
    const heartbeat = await Heartbeat.start({ file: path.join(folder, 'missing', 'alive'), clock, logger: silentLogger });
    await heartbeat.close();
  });
});
