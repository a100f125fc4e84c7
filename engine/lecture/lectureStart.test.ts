import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CourseId, LectureId, UserId } from '../contract/index.ts';
import type { Database } from '../kernel/database/index.ts';
import { newId } from '../kernel/newId.ts';
import { FakeMediaPlane, FakeTrack, ManualClock, openTestDatabase, refusingDatabase, silentLogger, until } from '../testing/index.ts';
import { LectureRegistry } from './LectureRegistry.ts';
import { LectureStore } from './LectureStore.ts';
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

async function schedule(of = courseId): Promise<LectureId> {
  const row = await registry.schedule({ courseId: of, title: 'Optics', scheduledAt: null, durationMinutes: null, isRecorded: true, createdBy: teacher });
  return LectureId.parse(row._id);
}

beforeEach(async () => {
  database = await openTestDatabase();
  clock = new ManualClock();
});

afterEach(async () => {
  await registry.close();
  await database.close();
});

describe('Starting a lecture', () => {
  let isRefused: (collection: string) => boolean;
  let lectureId: LectureId;

  beforeEach(async () => {
    isRefused = () => false;
    registry = openRegistry(refusingDatabase(database, ({ collection }) => isRefused(collection)));
    lectureId = await schedule();
  });

  async function expectToStayLive(lecture: LiveLecture): Promise<void> {
    const presenter = lecture.enter({ userId: teacher, displayName: 'Ada', kind: 'presenter', role: 'owner' });
    lecture.publish(presenter.id, { source: 'camera', kind: 'video', track: new FakeTrack('video'), isPaused: false });
    clock.advance(graceMs * 2);
    await lecture.chat.post(presenter, 'Can you hear me?');
    expect((await registry.chats.page(lectureId)).messages.map(({ text }) => text)).toEqual(['Can you hear me?']);
    expect(registry.live(lectureId)).toBe(lecture);
    expect((await registry.get(lectureId)).state).toBe('live');
    expect(plane.rooms.filter(({ isClosed }) => !isClosed)).toHaveLength(1);
  }

  it('succeeds while the event log cannot be written', async () => {
    isRefused = (collection) => collection === 'lectureEvents';
    const lecture = await registry.start(lectureId);
    isRefused = () => false;
    await expectToStayLive(lecture);
  });

  it('leaves nothing open when its state cannot be stored', async () => {
    isRefused = () => true;
    await expect(registry.start(lectureId)).rejects.toMatchObject({ code: 'disk.full' });
    expect(plane.rooms.filter(({ isClosed }) => !isClosed)).toEqual([]);
    isRefused = () => false;
    await expectToStayLive(await registry.start(lectureId));
  });

  it('leaves nothing open when no room can be opened, not even while the disk is full', async () => {
    vi.spyOn(plane, 'openRoom').mockImplementationOnce(async () => {
      isRefused = () => true;
      throw new Error('no worker');
    });
    await expect(registry.start(lectureId)).rejects.toThrow('no worker');
    isRefused = () => false;
    expect((await registry.get(lectureId)).state).toBe('scheduled');
    await expectToStayLive(await registry.start(lectureId));
  });
});

describe('A lecture whose row says live, but which is not open', () => {
  let lectureId: LectureId;

  beforeEach(async () => {
    registry = openRegistry(database);
    lectureId = await schedule();
    await registry.start(lectureId);
    await registry.close();
    registry = openRegistry(database);
  });

  it('opens when it is started', async () => {
    const lecture = await registry.start(lectureId);
    expect(lecture.view.state).toBe('interrupted');
    await expect(registry.start(lectureId)).rejects.toMatchObject({ code: 'lecture.alreadyLive' });
  });

  it('opens once for concurrent joins', async () => {
    const [one, two] = await Promise.all([registry.requireLive(lectureId), registry.requireLive(lectureId)]);
    expect(one).toBe(two);
    expect(plane.rooms).toHaveLength(1);
  });

  it('opens for an encoder', async () => {
    expect((await registry.openForIngest(courseId)).id).toBe(lectureId);
  });

  it('can be ended', async () => {
    await registry.end(lectureId, 'presenter');
    expect((await registry.get(lectureId)).state).toBe('ended');
  });

  it('does not open while the process stops', async () => {
    await registry.close();
    await expect(registry.requireLive(lectureId)).rejects.toMatchObject({ code: 'server.stopping' });
    expect(plane.rooms).toEqual([]);
  });
});

describe('While a lecture waits for its room', () => {
  let opening: LectureId;
  let other: LectureId;
  let started: Promise<LiveLecture>;
  let giveRoom: () => void;

  beforeEach(async () => {
    registry = openRegistry(database);
    opening = await schedule();
    const worker = Promise.withResolvers<void>();
    giveRoom = worker.resolve;
    plane.workerIsBack = worker.promise;
    started = registry.openForIngest(courseId);
    await until('the wait', () => plane.askedRooms === 1);
    other = await schedule();
  });
  afterEach(() => giveRoom());

  it('no other lecture of its course starts, and lectures of other courses do', async () => {
    await expect(registry.start(other)).rejects.toMatchObject({ code: 'lecture.alreadyLive', details: { lectureId: opening } });
    const elsewhere = registry.start(await schedule(CourseId.parse(newId('crs'))));
    giveRoom();
    expect([(await started).view.state, (await elsewhere).view.state]).toEqual(['live', 'live']);
    await expect(registry.start(other)).rejects.toMatchObject({ code: 'lecture.alreadyLive', details: { lectureId: opening } });
    await registry.end(opening, 'presenter');
    expect((await registry.start(other)).view.state).toBe('live');
  });

  it('its plan cannot be changed or cancelled', async () => {
    await expect(registry.update(opening, { isRecorded: false })).rejects.toMatchObject({ code: 'lecture.alreadyLive' });
    await expect(registry.cancel(opening)).rejects.toMatchObject({ code: 'lecture.alreadyLive' });
    expect((await registry.update(opening, { title: 'Waves' })).title).toBe('Waves');
    giveRoom();
    expect((await started).view).toMatchObject({ state: 'live', isRecorded: true, title: 'Waves' });
  });

  it('another encoder of the course joins it', async () => {
    const second = registry.openForIngest(courseId);
    giveRoom();
    expect(await second).toBe(await started);
  });

  it('and gets none, another lecture of its course can start', async () => {
    vi.spyOn(plane, 'openRoom').mockRejectedValueOnce(new Error('no worker'));
    const third = CourseId.parse(newId('crs'));
    await expect(registry.start(await schedule(third))).rejects.toThrow('no worker');
    giveRoom();
    expect((await registry.start(await schedule(third))).view.state).toBe('live');
  });
});

describe('Concurrent starts in one course', () => {
  beforeEach(() => {
    registry = openRegistry(database);
  });

  it('start one lecture', async () => {
    const [one, two] = [await schedule(), await schedule()];
    const outcomes = await Promise.allSettled([registry.start(one), registry.start(two)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(registry.allLive().map(({ id }) => id)).toEqual([one]);
    expect((await registry.get(two)).state).toBe('scheduled');
  });

  it('lead the class and its encoders to the same lecture', async () => {
    const chosen = await schedule();
    await schedule();
    const [lecture, ...ofEncoders] = await Promise.all([registry.start(chosen), registry.openForIngest(courseId), registry.openForIngest(courseId)]);
    expect(ofEncoders).toEqual([lecture, lecture]);
  });

  it('lead an encoder to the lecture that started before the one it chose', async () => {
    await schedule();
    const rows = await registry.ofCourse(courseId);
    const lecture = registry.start(await schedule());
    vi.spyOn(LectureStore.prototype, 'ofCourse').mockResolvedValueOnce(rows);
    expect(await registry.openForIngest(courseId)).toBe(await lecture);
  });

  it('lead several encoders to one lecture', async () => {
    await schedule();
    const [one, two] = await Promise.all([registry.openForIngest(courseId), registry.openForIngest(courseId)]);
    expect(one).toBe(two);
  });

  it('recover every lecture that was live', async () => {
    const [one, two] = [await schedule(), await schedule()];
    const store = new LectureStore(database);
    for (const id of [one, two]) {
      await store.raiseFence(id, 1);
      await store.updateOwned(id, 1, { state: 'live' });
    }
    await registry.recover();
    expect(registry.allLive()).toHaveLength(2);
  });
});

describe('A lecture that was live when the server stopped', () => {
  let lectureId: LectureId;
  let leftAtMs: number;
  let isRefused: boolean;

  beforeEach(async () => {
    isRefused = false;
    registry = openRegistry(refusingDatabase(database, () => isRefused));
    lectureId = await schedule();
    await registry.start(lectureId);
    clock.advance(1000);
    leftAtMs = clock.nowMs();
    await registry.close();
    registry = openRegistry(refusingDatabase(database, () => isRefused));
  });

  it('is recovered if that is no longer ago than a lecture can be without media', async () => {
    clock.advance(12 * graceMs);
    await registry.recover(12 * graceMs);
    expect(registry.live(lectureId)).toBeDefined();
  });

  it('has ended at that time if it is longer ago', async () => {
    clock.advance(12 * graceMs + 1);
    await registry.recover(12 * graceMs + 1);
    expect(registry.allLive()).toEqual([]);
    expect(await registry.get(lectureId)).toMatchObject({ state: 'ended', endReason: 'graceExpired', endedAt: new Date(leftAtMs).toISOString() });
  });

  it('is recovered if its end cannot be stored', async () => {
    clock.advance(12 * graceMs + 1);
    isRefused = true;
    await registry.recover(12 * graceMs + 1);
    isRefused = false;
    expect(registry.live(lectureId)).toBeDefined();
  });
});
