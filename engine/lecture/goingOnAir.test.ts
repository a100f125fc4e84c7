import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CourseId, LectureId, UserId } from '../contract/index.ts';
import { openSqliteDatabase } from '../kernel/database/index.ts';
import type { Database } from '../kernel/database/index.ts';
import { newId } from '../kernel/newId.ts';
import { FakeMediaPlane, FakeTrack, ManualClock, refusingDatabase, silentLogger } from '../testing/index.ts';
import { LectureRegistry } from './LectureRegistry.ts';
import type { LiveLecture } from './LiveLecture.ts';

const graceMs = 300_000;
const courseId = CourseId.parse(newId('crs'));
const teacher = UserId.parse(newId('usr'));

let database: Database;
let plane: FakeMediaPlane;
let clock: ManualClock;
let registry: LectureRegistry;

function openRegistry(on: Database): LectureRegistry {
  plane = new FakeMediaPlane();
  return LectureRegistry.create({ database: on, plane, clock, logger: silentLogger, graceMs });
}

async function schedule(): Promise<LectureId> {
  const row = await registry.schedule({ courseId, title: 'Optics', scheduledAt: null, durationMinutes: null, isRecorded: true, createdBy: teacher });
  return LectureId.parse(row._id);
}

beforeEach(async () => {
  database = await openSqliteDatabase({ path: ':memory:' });
  clock = new ManualClock();
});

afterEach(async () => {
  await registry.close();
  await database.close();
});

describe('the start of a lecture', () => {
  let isRefused: (collection: string) => boolean;
  let lectureId: LectureId;

  beforeEach(async () => {
    isRefused = () => false;
    registry = openRegistry(refusingDatabase(database, ({ collection }) => isRefused(collection)));
    lectureId = await schedule();
  });

  async function expectItToStayOnTheAir(lecture: LiveLecture): Promise<void> {
    const presenter = lecture.enter({ userId: teacher, displayName: 'Ada', kind: 'presenter', role: 'owner' });
    lecture.publish(presenter.id, { source: 'camera', kind: 'video', track: new FakeTrack('video'), isPaused: false });
    clock.advance(graceMs * 2);
    await lecture.chat.post(presenter, 'Can you hear me?');
    expect((await registry.chatOf(lectureId)).map(({ text }) => text)).toEqual(['Can you hear me?']);
    expect(registry.live(lectureId)).toBe(lecture);
    expect((await registry.get(lectureId)).state).toBe('live');
    expect(plane.rooms.filter(({ isClosed }) => !isClosed)).toHaveLength(1);
  }

  it('succeeds although its log takes nothing at that moment', async () => {
    isRefused = (collection) => collection === 'lectureEvents';
    const lecture = await registry.start(lectureId);
    isRefused = () => false;
    await expectItToStayOnTheAir(lecture);
  });

  it('leaves nothing behind when its state cannot be kept', async () => {
    isRefused = () => true;
    await expect(registry.start(lectureId)).rejects.toMatchObject({ code: 'disk.full' });
    expect(plane.rooms.filter(({ isClosed }) => !isClosed)).toEqual([]);
    isRefused = () => false;
    await expectItToStayOnTheAir(await registry.start(lectureId));
  });

  it('leaves nothing behind when no room can be opened, not even while the disk fills up', async () => {
    vi.spyOn(plane, 'openRoom').mockImplementationOnce(async () => {
      isRefused = () => true;
      throw new Error('no worker');
    });
    await expect(registry.start(lectureId)).rejects.toThrow('no worker');
    isRefused = () => false;
    expect((await registry.get(lectureId)).state).toBe('scheduled');
    await expectItToStayOnTheAir(await registry.start(lectureId));
  });
});

describe('a lecture that is on the air by its row alone', () => {
  let lectureId: LectureId;

  beforeEach(async () => {
    registry = openRegistry(database);
    lectureId = await schedule();
    await registry.start(lectureId);
    await registry.close();
    registry = openRegistry(database);
  });

  it('is taken up when it is started', async () => {
    const lecture = await registry.start(lectureId);
    expect(lecture.view.state).toBe('interrupted');
    await expect(registry.start(lectureId)).rejects.toMatchObject({ code: 'lecture.alreadyLive' });
  });

  it('is taken up once by those who join it', async () => {
    const [one, two] = await Promise.all([registry.requireLive(lectureId), registry.requireLive(lectureId)]);
    expect(one).toBe(two);
    expect(plane.rooms).toHaveLength(1);
  });

  it('is taken up by its encoder', async () => {
    expect((await registry.openForIngest(courseId)).id).toBe(lectureId);
  });

  it('can be ended', async () => {
    await registry.end(lectureId, 'presenter');
    expect((await registry.get(lectureId)).state).toBe('ended');
  });

  it('stays as it is for the next process while this one stops', async () => {
    await registry.close();
    await expect(registry.requireLive(lectureId)).rejects.toMatchObject({ code: 'server.stopping' });
    expect(plane.rooms).toEqual([]);
  });
});
