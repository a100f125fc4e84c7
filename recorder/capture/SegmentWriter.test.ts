import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newId, toInstant } from '#engine/kernel';
import type { Database } from '#engine/kernel';
import { ManualClock, openTestDatabase, silentLogger, until } from '#engine/testing';
import { Journal } from '../journal/Journal.ts';
import { audioSegment } from '../testing/completeSegments.ts';
import { FaultySpool } from '../testing/FaultySpool.ts';
import { SegmentWriter } from './SegmentWriter.ts';

let folder: string;
let database: Database;
let journal: Journal;
let recordingId: string;
let clock: ManualClock;
let spool: FaultySpool;
let states: (string | null)[];
let backpressure: boolean[];
let writer: SegmentWriter;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lectern-writer-'));
  database = await openTestDatabase();
  journal = new Journal(database);
  const recording = await journal.openRecording({ lectureId: newId('lec'), courseId: newId('crs'), startedAt: toInstant(0) });
  recordingId = recording.recordingId;
  clock = new ManualClock();
  spool = new FaultySpool(path.join(folder, 'spool'));
  states = [];
  backpressure = [];
  writer = new SegmentWriter({
    recording,
    zeroMs: clock.nowMs(),
    spool,
    clock,
    logger: silentLogger,
    queueLimitBytes: 1000,
    resume: { sequences: new Map(), initEpochs: new Map() },
    onWritten: () => undefined,
    onTrouble: (trouble) => states.push(trouble),
    onBackpressure: (isBackpressured) => backpressure.push(isBackpressured),
  });
});
afterEach(async () => {
  writer.close();
  await database.close();
  await rm(folder, { recursive: true });
});

const sequences = async () => (await journal.segmentsOf(recordingId, 'main-audio')).map((row) => [row.sequence, row.startMs]);

describe('The segment writer', () => {
  it('writes the init segment and the segments in order, each file before its row', async () => {
    for (const index of [0, 1, 2]) writer.addSegment(audioSegment(index));
    await writer.drained();
    expect(await sequences()).toEqual([[0, 0], [1, 2000], [2, 4000]]);
    const waiting = await journal.waiting();
    expect(waiting.map(({ row }) => row.key)).toContain(`recordings/${recordingId}/main-audio/init-0.mp4`);
    for (const { row } of waiting) expect((await readFile(spool.fileOf(row.key))).length).toBe(row.bytes);
    expect(states).toEqual([]);
  });

  it('writes waiting segments in parallel, and keeps those before a failure', async () => {
    for (let index = 0; index < 10; index += 1) writer.addSegment(audioSegment(index));
    [spool.failure, spool.failingKey] = ['ENOSPC', `recordings/${recordingId}/main-audio/000004.m4s`];
    await until('the failure', () => states.includes('full'));
    expect(spool.mostParallel).toBeGreaterThan(4);
    expect((await sequences()).map(([sequence]) => sequence)).toEqual([0, 1, 2, 3]);
    spool.failure = undefined;
    clock.advance(1000);
    await writer.drained();
    expect((await sequences()).map(([sequence]) => sequence)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('continues from memory when the disk has space again, and loses nothing', async () => {
    spool.failure = 'ENOSPC';
    for (const index of [0, 1, 2]) writer.addSegment(audioSegment(index));
    await until('the failure', () => states.includes('full'));
    expect(await sequences()).toEqual([]);
    spool.failure = undefined;
    clock.advance(1000);
    await writer.drained();
    expect(await sequences()).toEqual([[0, 0], [1, 2000], [2, 4000]]);
    expect(states).toEqual(['full', null]);
  });

  it('signals backpressure when its queue is full, loses nothing, and signals when the queue has room again', async () => {
    spool.failure = 'ENOSPC';
    for (let index = 0; index < 20; index += 1) writer.addSegment(audioSegment(index));
    await until('the failure', () => states.includes('full'));
    expect(backpressure).toEqual([true]);
    spool.failure = undefined;
    clock.advance(1000);
    await writer.drained();
    expect(backpressure).toEqual([true, false]);
    expect((await sequences()).at(-1)).toEqual([19, 38_000]);
  });

  it.each([
    ['EROFS', 'readOnly'],
    ['EACCES', 'readOnly'],
    ['EIO', 'broken'],
  ])('continues after %s as well', async (code, trouble) => {
    spool.failure = code;
    writer.addSegment(audioSegment(0));
    await until('the failure', () => states.length > 0);
    spool.failure = undefined;
    clock.advance(1000);
    await writer.drained();
    expect(states).toEqual([trouble, null]);
    expect(await sequences()).toHaveLength(1);
  });

  it('retries once a second while writing fails', async () => {
    spool.failure = 'ENOSPC';
    writer.addSegment(audioSegment(0));
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await until('an attempt', () => spool.attempts === attempt);
      // The retry is scheduled a moment after the attempt.
      await until('a retry', () => {
        clock.advance(500);
        return spool.attempts > attempt;
      });
    }
    expect(states).toEqual(['full']);
  });

  it('leaves no partial file under a final name', async () => {
    await writeFile(path.join(folder, 'spool'), 'not a folder');
    writer.addSegment(audioSegment(0));
    await until('the failure', () => states.includes('broken'));
    await rm(path.join(folder, 'spool'));
    clock.advance(1000);
    await writer.drained();
    expect(await spool.sweep()).toHaveLength(2);
  });
});
