import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock, silentLogger, until } from '../testing/index.ts';
import { AliveMark } from './AliveMark.ts';

let folder: string;
let file: string;
let clock: ManualClock;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lectern-alive-'));
  file = path.join(folder, 'alive');
  clock = new ManualClock();
});
afterEach(() => rm(folder, { recursive: true }));

describe('the mark of a server at work', () => {
  it('is not there before the first', async () => {
    expect(await AliveMark.last(file)).toBeUndefined();
  });

  it('says when it was at work last, to ten seconds after a crash and to the moment after a stop', async () => {
    const mark = await AliveMark.start({ file, clock, logger: silentLogger });
    const startedMs = clock.nowMs();
    expect(await AliveMark.last(file)).toBeCloseTo(startedMs, 0);
    clock.advance(10_000);
    await until('the mark of ten seconds later', async () => Math.abs(((await AliveMark.last(file)) ?? 0) - startedMs - 10_000) < 1);
    clock.advance(5000);
    await mark.close();
    expect(await AliveMark.last(file)).toBeCloseTo(startedMs + 15_000, 0);
  });

  it('keeps nobody from working where the disk refuses it', async () => {
    const mark = await AliveMark.start({ file: path.join(folder, 'nowhere', 'alive'), clock, logger: silentLogger });
    await mark.close();
  });
});
