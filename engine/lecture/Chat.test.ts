import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CourseId, LectureId, UserId } from '../contract/index.ts';
import type { CourseRole, Participant } from '../contract/index.ts';
import type { Database } from '../kernel/database/index.ts';
import { newId } from '../kernel/newId.ts';
import { FakeMediaPlane, ManualClock, openTestDatabase, refusingDatabase, silentLogger, until } from '../testing/index.ts';
import { EventLogs } from './EventLog.ts';
import { LectureRegistry } from './LectureRegistry.ts';
import type { LiveLecture } from './LiveLecture.ts';

const refusal = { code: 'disk.full' };

let database: Database;
let clock: ManualClock;
let registry: LectureRegistry;
let lecture: LiveLecture;
let presenter: Participant;
let student: Participant;
let isFull: boolean;

function enter(role: CourseRole): Participant {
  return lecture.enter({ userId: UserId.parse(newId('usr')), displayName: role, kind: role === 'student' ? 'viewer' : 'presenter', role });
}

const texts = () => lecture.chat.history.map(({ text }) => text);
const textsOfReplay = async () => (await registry.chats.page(lecture.id)).messages.map(({ text }) => text);

beforeEach(async () => {
  isFull = false;
  database = await openTestDatabase();
  clock = new ManualClock();
  registry = LectureRegistry.create({ database: refusingDatabase(database, () => isFull), plane: new FakeMediaPlane(), clock, logger: silentLogger, graceMs: 300_000 });
  const row = await registry.schedule({ courseId: CourseId.parse(newId('crs')), title: 'Optics', scheduledAt: null, durationMinutes: null, isRecorded: true, createdBy: UserId.parse(newId('usr')) });
  lecture = await registry.start(LectureId.parse(row._id));
  presenter = enter('owner');
  student = enter('student');
});

afterEach(async () => {
  isFull = false;
  await registry.close();
  await database.close();
});

describe('A chat while the database refuses to write', () => {
  it('keeps a message that could not be deleted', async () => {
    const { id } = await lecture.chat.post(student, 'spam');
    isFull = true;
    await expect(lecture.chat.delete(presenter, id)).rejects.toMatchObject(refusal);
    expect(texts()).toEqual(['spam']);
    isFull = false;
    await lecture.chat.delete(presenter, id);
    expect([texts(), await textsOfReplay()]).toEqual([[], []]);
    expect(lecture.chat.deleted).toEqual([id]);
  });

  it('neither mutes nor unmutes anyone', async () => {
    isFull = true;
    await expect(lecture.chat.setMuted(presenter, student.userId, true)).rejects.toMatchObject(refusal);
    isFull = false;
    await lecture.chat.post(student, 'Still here');
    await lecture.chat.setMuted(presenter, student.userId, true);
    isFull = true;
    await expect(lecture.chat.setMuted(presenter, student.userId, false)).rejects.toMatchObject(refusal);
    isFull = false;
    expect(lecture.roster.get(student.id).isChatMuted).toBe(true);
    await expect(lecture.chat.post(student, 'And now?')).rejects.toMatchObject({ code: 'participant.muted' });
  });

  it('does not count a message that was not stored', async () => {
    await lecture.chat.setSlowMode(presenter, 60_000);
    isFull = true;
    await expect(lecture.chat.post(student, 'one')).rejects.toMatchObject(refusal);
    clock.advance(2000);
    await expect(lecture.chat.post(student, 'one')).rejects.toMatchObject(refusal);
    isFull = false;
    const [stored, late] = await Promise.allSettled([lecture.chat.post(student, 'one'), lecture.chat.post(student, 'two')]);
    expect([stored, late]).toMatchObject([{ status: 'fulfilled' }, { reason: { code: 'chat.slow', details: { retryAfterMs: 60_000 } } }]);
    await lecture.chat.setSlowMode(presenter, 0);
    clock.advance(60_000);
    isFull = true;
    for (let n = 0; n < 6; n += 1) await expect(lecture.chat.post(student, 'again')).rejects.toMatchObject(refusal);
    isFull = false;
    const burst = await Promise.allSettled([1, 2, 3, 4, 5, 6].map((n) => lecture.chat.post(student, `message ${n}`)));
    expect(burst.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  });

  it('keeps its slow mode', async () => {
    isFull = true;
    await expect(lecture.chat.setSlowMode(presenter, 30_000)).rejects.toMatchObject(refusal);
    expect(lecture.chat.slowModeMs).toBe(0);
  });
});

describe('A removal while the database refuses to write', () => {
  it('takes effect at once and is stored later', async () => {
    isFull = true;
    await lecture.removals.remove(presenter, student.userId);
    expect(lecture.roster.has(student.id)).toBe(false);
    isFull = false;
    clock.advance(5000);
    const storedLog = new EventLogs({ database, clock, logger: silentLogger });
    const removal = await until('the removal to be stored', async () => (await storedLog.read(lecture.id, ['participant.removed']))[0]);
    expect(removal.data).toEqual({ userId: student.userId, byUserId: presenter.userId });
  });
});

describe('A chat notification', () => {
  it('is sent after the change', async () => {
    const states: unknown[] = [];
    lecture.onNotification(({ type }) => states.push([type, texts(), lecture.chat.isMuted(student.userId), lecture.roster.get(student.id).isChatMuted, lecture.chat.slowModeMs]));
    const { id } = await lecture.chat.post(student, 'spam');
    await lecture.chat.delete(presenter, id);
    await lecture.chat.setMuted(presenter, student.userId, true);
    await lecture.chat.setSlowMode(presenter, 1000);
    expect(states).toEqual([
      ['chat.posted', ['spam'], false, false, 0],
      ['chat.deleted', [], false, false, 0],
      ['chat.muted', [], true, true, 0],
      ['chat.slowModeChanged', [], true, true, 1000],
    ]);
  });
});
