import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CourseId, LectureId, UserId } from '../contract/index.ts';
import type { CourseRole } from '../contract/index.ts';
import { InProcessBus } from '../kernel/bus/index.ts';
import { openSqliteDatabase } from '../kernel/database/index.ts';
import type { Database } from '../kernel/database/index.ts';
import { newId } from '../kernel/newId.ts';
import { FakeMediaPlane } from '../testing/FakeMediaPlane.ts';
import { ManualClock } from '../testing/ManualClock.ts';
import { silentLogger } from '../testing/silentLogger.ts';
import { until } from '../testing/until.ts';
import { LectureRegistry } from './LectureRegistry.ts';
import { removalRepeatMs } from './limits.ts';
import type { LiveLecture } from './LiveLecture.ts';
import { announceRemovals, followRights, removalsChanged, rightsChanged } from './rightsChanges.ts';

const courseId = CourseId.parse(newId('crs'));
const [ada, ben] = [UserId.parse(newId('usr')), UserId.parse(newId('usr'))];
const clock = new ManualClock();

/** A bus that can lose messages. */
class LossyBus extends InProcessBus {
  readonly missed: (() => void | Promise<void>)[] = [];

  override async subscribe(...args: Parameters<InProcessBus['subscribe']>): ReturnType<InProcessBus['subscribe']> {
    this.missed.push(() => args[1].onMissed());
    return super.subscribe(...args);
  }
}

let database: Database;
let registry: LectureRegistry;
let lecture: LiveLecture;
let bus: LossyBus;
let stopAnnouncing: () => void;
let roles: Map<UserId, CourseRole>;

beforeEach(async () => {
  database = await openSqliteDatabase({ path: ':memory:' });
  registry = LectureRegistry.create({ database, plane: new FakeMediaPlane(), clock, logger: silentLogger, graceMs: 300_000 });
  bus = new LossyBus({ clock, logger: silentLogger });
  roles = new Map([[ada, 'assistant'], [ben, 'student']]);
  await followRights({ bus, registry, courseRoles: { roleOf: async (userId) => roles.get(userId), placeOf: async (userId) => ({ role: roles.get(userId), condition: 'published' }), isRemovedFromCourse: async () => false, isAdmin: async () => false } });
  stopAnnouncing = announceRemovals({ bus, registry, clock });
  const row = await registry.schedule({ courseId, title: 'Optics', scheduledAt: null, durationMinutes: null, isRecorded: true, createdBy: ada });
  lecture = await registry.start(LectureId.parse(row._id));
  lecture.enter({ userId: ada, displayName: 'Ada', role: 'assistant', kind: 'presenter' });
  lecture.enter({ userId: ben, displayName: 'Ben', role: 'student', kind: 'viewer' });
});
afterEach(async () => {
  await registry.close();
  await database.close();
});

const isIn = (userId: UserId) => lecture.roster.ofUser(userId).length > 0;

describe('Rights that change in another process', () => {
  it('end a person’s place in the rooms of this one', async () => {
    roles.delete(ben);
    bus.publish(rightsChanged, { userId: ben, courseId, hasLeft: false });
    await until('the end', () => !isIn(ben));
    expect(isIn(ada)).toBe(true);
  });

  it('are read, so that a message that comes late changes nothing', async () => {
    bus.publish(rightsChanged, { userId: ben, courseId, hasLeft: false });
    roles.set(ada, 'student');
    bus.publish(rightsChanged, { userId: ada, courseId, hasLeft: false });
    await until('the other one', () => !isIn(ada));
    expect(isIn(ben)).toBe(true);
  });

  it('are checked for everybody when messages may have been missed', async () => {
    roles.delete(ben);
    roles.set(ada, 'student');
    for (const missed of bus.missed) await missed();
    expect([isIn(ada), isIn(ben)]).toEqual([false, false]);
  });
});

async function announcements(): Promise<unknown[]> {
  const announced: unknown[] = [];
  await bus.subscribe(removalsChanged, { onMessage: (removal) => void announced.push(removal), onMissed: () => undefined });
  return announced;
}

it('A removal from a live lecture is announced at once, and again when it is stored', async () => {
  const announced = await announcements();
  const [moderator] = lecture.roster.ofUser(ada);
  if (moderator) await lecture.removals.remove(moderator, ben);
  await until('the announcement', () => announced.length === 1);
  clock.advance(removalRepeatMs);
  await until('the second one', () => announced.length === 2);
  expect(announced).toEqual([{ userId: ben, lectureId: lecture.id }, { userId: ben, lectureId: lecture.id }]);
});

it('Nothing is announced after the end of announcing: no repeat, and no later removal', async () => {
  const announced = await announcements();
  const [moderator] = lecture.roster.ofUser(ada);
  if (moderator) await lecture.removals.remove(moderator, ben);
  await until('the announcement', () => announced.length === 1);
  const timersWithRepeat = clock.timers;
  stopAnnouncing();
  expect(clock.timers).toBe(timersWithRepeat - 1);
  if (moderator) await lecture.removals.remove(moderator, UserId.parse(newId('usr')));
  clock.advance(removalRepeatMs);
  await new Promise((resolve) => setImmediate(resolve));
  expect(announced).toHaveLength(1);
});
