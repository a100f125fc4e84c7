import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CourseId, LectureId, UserId } from '../contract/index.ts';
import type { Participant } from '../contract/index.ts';
import { openSqliteDatabase } from '../kernel/database/index.ts';
import type { Database } from '../kernel/database/index.ts';
import { newId } from '../kernel/newId.ts';
import { LeaseKeeper } from '../kernel/ownership/index.ts';
import { FakeMediaPlane, FakeTrack, ManualClock, silentLogger, until } from '../testing/index.ts';
import { LectureRegistry } from './LectureRegistry.ts';
import type { LiveLecture } from './LiveLecture.ts';

const courseId = CourseId.parse(newId('crs'));
const teacher = UserId.parse(newId('usr'));

/** A process of the cluster. All share one database; each has its own clock. */
class Node {
  readonly clock = new ManualClock();
  readonly plane = new FakeMediaPlane();
  readonly leases: LeaseKeeper;
  readonly registry: LectureRegistry;
  readonly opened: string[] = [];

  constructor(database: Database, nodeId: string) {
    const shared = { database, clock: this.clock, logger: silentLogger };
    this.leases = new LeaseKeeper({ ...shared, nodeId, isShared: true });
    this.registry = LectureRegistry.create({ ...shared, plane: this.plane, graceMs: 300_000, leases: this.leases });
    this.registry.onLive(({ id }) => this.opened.push(id));
  }

  async close(): Promise<void> {
    await this.registry.close();
    await this.leases.close();
  }
}

let database: Database;
let first: Node;
let second: Node;

beforeEach(async () => {
  database = await openSqliteDatabase({ path: ':memory:' });
  first = new Node(database, 'nod_first');
  second = new Node(database, 'nod_second');
  await first.registry.recover();
  await second.registry.recover();
});
afterEach(async () => {
  await first.close();
  await second.close();
  await database.close();
});

/** Lets time pass for these nodes; the others are stopped. */
async function pass(ms: number, ...nodes: Node[]): Promise<void> {
  for (let passed = 0; passed < ms; passed += 250) {
    for (const { clock } of nodes) clock.advance(250);
    // Answered after what the timers have sent.
    for (let turn = 0; turn < 4; turn += 1) await second.leases.observe(['lec_none']);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function startLecture(): Promise<LiveLecture> {
  const row = await first.registry.schedule({ courseId, title: 'Optics', scheduledAt: null, durationMinutes: null, isRecorded: true, createdBy: teacher });
  return first.registry.start(LectureId.parse(row._id));
}

const enter = (lecture: LiveLecture, userId = teacher): Participant => lecture.enter({ userId, displayName: 'Ada', kind: 'presenter', role: 'owner' });
const texts = (lecture: LiveLecture) => lecture.chat.history.map(({ text }) => text);

describe('A lecture that is live in another process', () => {
  it('is not opened, while that process renews its lease', async () => {
    const { id } = await startLecture();
    await pass(20_000, first, second);
    await expect(second.registry.requireLive(id)).rejects.toMatchObject({ code: 'lecture.elsewhere' });
    await expect(second.registry.start(id)).rejects.toMatchObject({ code: 'lecture.elsewhere' });
    await expect(second.registry.openForIngest(courseId)).rejects.toMatchObject({ code: 'lecture.elsewhere' });
    expect(second.opened).toEqual([]);
    expect(first.registry.live(id)).toBeDefined();
  });

  it('keeps others of its course from being started', async () => {
    const { id } = await startLecture();
    const other = await second.registry.schedule({ courseId, title: 'Waves', scheduledAt: null, durationMinutes: null, isRecorded: true, createdBy: teacher });
    await expect(second.registry.start(LectureId.parse(other._id))).rejects.toMatchObject({ code: 'lecture.alreadyLive', details: { lectureId: id } });
  });

  it('is taken over within five seconds of its death, with its chat, removals and clock', async () => {
    const lecture = await startLecture();
    const presenter = enter(lecture);
    await lecture.chat.post(presenter, 'Before');
    const removed = enter(lecture, UserId.parse(newId('usr')));
    lecture.roster.update(removed.id, { role: 'student' });
    await lecture.removals.remove(presenter, removed.userId);
    await pass(3000, first, second);
    await pass(4500, second);
    await until('the takeover', () => second.registry.live(lecture.id) !== undefined);
    const taken = await second.registry.requireLive(lecture.id);
    expect(texts(taken)).toEqual(['Before']);
    expect(taken.view.state).toBe('interrupted');
    expect(taken.removals.has(removed.userId)).toBe(true);
    expect(taken.fence).toBeGreaterThan(lecture.fence);
    await taken.chat.post(enter(taken), 'After');
    expect(texts(taken)).toEqual(['Before', 'After']);
  });

  it('is started by one of two processes that start it at once', async () => {
    const row = await first.registry.schedule({ courseId, title: 'Optics', scheduledAt: null, durationMinutes: null, isRecorded: true, createdBy: teacher });
    const id = LectureId.parse(row._id);
    const starting = Promise.allSettled([first.registry.start(id), second.registry.start(id)]);
    // The slower one waits for the other to be done.
    let isDone = false;
    void starting.finally(() => (isDone = true));
    while (!isDone) await pass(250, first, second);
    const outcomes = await starting;
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect([first, second].filter(({ registry }) => registry.live(id))).toHaveLength(1);
  });

  it('is tried again after longer and longer pauses by a process that cannot open it', async () => {
    const { id } = await startLecture();
    second.plane.workerIsBack = Promise.reject(new Error('no ports are left'));
    second.plane.workerIsBack.catch(() => undefined);
    await pass(35_000, second);
    // The lease ends after five seconds; then after 2, 4, 8 and 16 seconds.
    expect(second.plane.askedRooms).toBeGreaterThan(1);
    expect(second.plane.askedRooms).toBeLessThan(7);
    second.plane.workerIsBack = Promise.resolve();
    await pass(35_000, second);
    await until('the takeover', () => second.registry.live(id) !== undefined);
  });

  it('is opened at once by another process when its own stops', async () => {
    const { id } = await startLecture();
    await first.close();
    await pass(500, second);
    await until('the takeover', () => second.registry.live(id) !== undefined);
  });
});

describe('A process that was stopped for longer than its lease', () => {
  it('lets go of its lecture when it continues, closes the room, and writes nothing', async () => {
    const lecture = await startLecture();
    const presenter = enter(lecture);
    lecture.publish(presenter.id, { source: 'camera', kind: 'video', track: new FakeTrack('video'), isPaused: false });
    const room = first.plane.rooms[0];
    const reasons: string[] = [];
    room?.onClosed((reason) => reasons.push(reason));
    const notifications: string[] = [];
    lecture.onNotification(({ type }) => notifications.push(type));
    await pass(500, first, second);
    await pass(5000, second);
    await until('the takeover', () => second.registry.live(lecture.id) !== undefined);
    const taken = await second.registry.requireLive(lecture.id);
    await taken.chat.post(enter(taken), 'Here');

    const late = lecture.chat.post(presenter, 'Too late');
    await expect(late).rejects.toMatchObject({ code: 'lecture.elsewhere' });
    first.clock.standStill(5500);
    expect(first.registry.live(lecture.id)).toBeUndefined();
    expect(reasons).toEqual(['moved']);
    expect(notifications).toContain('lecture.moved');
    expect(notifications).not.toContain('lecture.ended');
    expect(() => enter(lecture)).toThrow(expect.objectContaining({ code: 'lecture.elsewhere' }));
    await expect(lecture.end('presenter')).rejects.toMatchObject({ code: 'lecture.elsewhere' });
    await pass(10_000, first, second);
    expect((await first.registry.get(lecture.id)).state).not.toBe('ended');
    expect((await second.registry.chats.page(lecture.id)).messages.map(({ text }) => text)).toEqual(['Here']);
  });

  it('keeps its lecture if no other process took it', async () => {
    const lecture = await startLecture();
    const presenter = enter(lecture);
    await pass(500, first);
    first.clock.standStill(60_000);
    await pass(1000, first);
    expect(first.registry.live(lecture.id)).toBe(lecture);
    await lecture.chat.post(presenter, 'Still here');
    await pass(500, first, second);
    await expect(second.registry.requireLive(lecture.id)).rejects.toMatchObject({ code: 'lecture.elsewhere' });
  });
});

describe('A lecture that has ended', () => {
  it('belongs to its process until its recording is finished, and to nobody afterwards', async () => {
    const lecture = await startLecture();
    let finish: () => void = () => undefined;
    lecture.holds.until(new Promise<void>((resolve) => (finish = resolve)));
    await lecture.end('presenter');
    await pass(1000, first, second);
    await expect(second.leases.run(lecture.id, async () => undefined)).rejects.toMatchObject({ code: 'lecture.elsewhere' });
    finish();
    await until('the release', async () => second.leases.run(lecture.id, async () => true).catch(() => false));
  });
});
