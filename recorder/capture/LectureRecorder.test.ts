import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteDatabase, toInstant } from '#engine/kernel';
import type { Database } from '#engine/kernel';
import { ManualClock, silentLogger, until } from '#engine/testing';
import { Journal } from '../journal/Journal.ts';
import { FakeLecture } from '../testing/FakeLecture.ts';
import { audioFormat, sounds } from '../testing/frames.ts';
import { recordFrames } from '../testing/recordFrames.ts';
import { LectureRecorder } from './LectureRecorder.ts';
import { Spool } from './Spool.ts';

/** A disk that takes its time with everything, and refuses nothing. */
class SlowSpool extends Spool {
  readonly #quick = Promise.withResolvers<void>();

  hurry(): void {
    this.#quick.resolve();
  }

  override async write(key: string, bytes: Uint8Array): Promise<void> {
    await this.#quick.promise;
    await super.write(key, bytes);
  }
}

let folder: string;
let database: Database;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lectern-lecture-'));
  database = await openSqliteDatabase({ path: ':memory:' });
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

describe('The recorder of a lecture', () => {
  it('says that the disk is too slow while frames are let pass for it, and that it records when there is room again', async () => {
    const clock = new ManualClock();
    const journal = new Journal(database);
    const spool = new SlowSpool(path.join(folder, 'spool'));
    const lecture = new FakeLecture(0);
    const { lectureId, courseId } = lecture;
    const recording = await journal.openRecording({ lectureId, courseId, startedAt: toInstant(0) });
    const own = { lecture, recording, journal, spool, clock, logger: silentLogger };
    const recorder = new LectureRecorder({ ...own, targetSegmentMs: 2000, queueLimitBytes: 1000, onWritten: () => undefined }, { segments: [], inits: [] });
    const { frames } = lecture.publish('audio', 'program', audioFormat());
    await until('the tap', () => frames.isOpen);
    await recordFrames([{ tap: frames, frames: sounds({ fromMs: 0, durationMs: 20_000 }) }]);
    expect(lecture.states).toEqual(['recording', 'failing']);
    expect(lecture.notes.at(-1)).toEqual({ disk: 'tooSlow', diskMinutesLeft: null, upload: null });

    spool.hurry();
    await until('room', () => lecture.states.at(-1) === 'recording');
    expect(lecture.notes.at(-1)).toBeNull();
    await recorder.finish();
  });
});
