import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CourseId, UserId } from '#engine/contract';
import { newId } from '#engine/kernel';
import type { Database } from '#engine/kernel';
import { ManualClock, openTestDatabase, silentLogger as logger } from '#engine/testing';
import { createEnrolment } from './createEnrolment.ts';
import { Seats } from './Seats.ts';
import { interleavedDatabase, seededRandom, turns } from './testing/interleavedDatabase.ts';

/** A course, and several processes that let people in, with one database. */
async function openSite({ processes = 1, capacity = null as number | null } = {}) {
  const database = await openTestDatabase();
  onTestFinished(() => database.close());
  return siteOn(database, { processes, capacity });
}

async function siteOn(database: Database, { processes, capacity, seed }: { processes: number; capacity: number | null; seed?: number }) {
  const clock = new ManualClock();
  const jobs = { add: () => Promise.reject(new Error('no jobs here')) };
  const random = seed === undefined ? () => 0 : seededRandom(seed);
  const all = Array.from({ length: processes }, () => createEnrolment({ database: interleavedDatabase(database, () => turns(Math.floor(random() ** 2 * 6))), jobs, clock, logger }));
  const [first] = all;
  if (!first) throw new Error('no process');
  const courseId = CourseId.parse(newId('crs'));
  const join = async (name: string) => {
    const { _id } = await first.accounts.add({ email: `${name}@${courseId}.example.org`, displayName: name, roles: ['student'], passwordHash: '', createdAt: '2026-01-01T00:00:00.000Z' });
    return UserId.parse(_id);
  };
  await first.admissions.setCapacity(courseId, capacity);
  const leave = async (by: typeof first, userId: UserId) => {
    await by.enrolments.remove(courseId, userId);
    await by.admissions.moveUp(courseId);
  };
  return { ...first, all, courseId, clock, signUp: join, leave };
}

type Site = Awaited<ReturnType<typeof openSite>>;

const admit = ({ admissions, courseId }: Site, userId: UserId) => admissions.admit({ courseId, userId, role: 'student' });
const isIn = async ({ enrolments, courseId }: Site, userId: UserId) => (await enrolments.find(courseId, userId)) !== undefined;

describe('A course with a capacity', () => {
  it('lets in as many students as it has seats, and the others wait in their order', async () => {
    const site = await openSite({ capacity: 2 });
    const people = await Promise.all(['a', 'b', 'c', 'd'].map(site.signUp));
    const outcomes = [];
    for (const person of people) outcomes.push(await admit(site, person));
    expect(outcomes).toEqual([{ outcome: 'enrolled' }, { outcome: 'enrolled' }, { outcome: 'waiting', position: 1 }, { outcome: 'waiting', position: 2 }]);
    await site.leave(site, people[0]!);
    expect(await isIn(site, people[2]!)).toBe(true);
    expect(await site.waiting.position(site.courseId, people[3]!)).toBe(1);
  });

  it('keeps no place on its waiting list for somebody who is in it', async () => {
    const site = await openSite({ capacity: 1 });
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map(site.signUp));
    for (const person of [a!, b!, c!]) await admit(site, person);
    // By a process that died before it removed the place.
    await site.enrolments.add({ courseId: site.courseId, userId: c!, role: 'assistant', enrolledAt: '2030-01-01T00:00:00.000Z' });
    await site.admissions.moveUpEverywhere();
    expect((await site.waiting.page(site.courseId, { after: undefined, limit: 10 })).map(({ userId }) => userId)).toEqual([b]);
    await site.waiting.join({ courseId: site.courseId, userId: a!, groupId: null, importId: null });
    expect(await admit(site, a!)).toEqual({ outcome: 'alreadyIn' });
    expect(await site.waiting.find(site.courseId, a!)).toBeUndefined();
  });

  it('lets in nobody directly while others wait, and the one who waits longest when it grows', async () => {
    const site = await openSite({ capacity: 1 });
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map(site.signUp));
    await admit(site, a!);
    await admit(site, b!);
    await expect(site.admissions.enrol(site.courseId, c!)).rejects.toMatchObject({ code: 'course.full' });
    expect(await site.waiting.count(site.courseId)).toBe(1);
    await site.admissions.setCapacity(site.courseId, 2);
    expect([await isIn(site, b!), await isIn(site, c!)]).toEqual([true, false]);
    await expect(site.admissions.enrol(site.courseId, b!)).rejects.toMatchObject({ code: 'enrolment.exists' });
  });

  it('counts the students from before it had one, and lets in nobody before enough of them have left', async () => {
    const site = await openSite();
    const people = await Promise.all(['a', 'b', 'c', 'd'].map(site.signUp));
    for (const person of people.slice(0, 3)) await admit(site, person);
    await site.admissions.setCapacity(site.courseId, 2);
    expect(await admit(site, people[3]!)).toEqual({ outcome: 'waiting', position: 1 });
    await site.leave(site, people[0]!);
    expect(await isIn(site, people[3]!)).toBe(false);
    await site.leave(site, people[1]!);
    expect(await isIn(site, people[3]!)).toBe(true);
  });

  it('does not count assistants', async () => {
    const site = await openSite({ capacity: 0 });
    const tutor = await site.signUp('tutor');
    expect(await site.admissions.admit({ courseId: site.courseId, userId: tutor, role: 'assistant' })).toEqual({ outcome: 'enrolled' });
  });

  it('gives no seat to people who were removed or whose account is deactivated while they waited', async () => {
    const site = await openSite({ capacity: 1 });
    const [a, removed, gone, next] = await Promise.all(['a', 'removed', 'gone', 'next'].map(site.signUp));
    for (const person of [a!, removed!, gone!, next!]) await admit(site, person);
    await site.removals.put({ courseId: site.courseId, userId: removed!, byUserId: a!, removedAt: '2026-01-02T00:00:00.000Z' });
    await site.accounts.update(gone!, { deactivatedAt: '2026-01-02T00:00:00.000Z' });
    await site.leave(site, a!);
    expect(await Promise.all([removed!, gone!, next!].map((person) => isIn(site, person)))).toEqual([false, false, true]);
    await expect(admit(site, removed!)).rejects.toMatchObject({ code: 'enrolment.removed' });
  });

  it('lets in whom a process that died has left waiting beside a free seat', async () => {
    const site = await openSite({ capacity: 1 });
    const [a, b] = await Promise.all(['a', 'b'].map(site.signUp));
    await admit(site, a!);
    await admit(site, b!);
    await site.enrolments.remove(site.courseId, a!);
    expect(await isIn(site, b!)).toBe(false);
    await site.admissions.moveUpEverywhere();
    expect(await isIn(site, b!)).toBe(true);
  });

  it('has no seat too many when several processes let people in at once', async () => {
    const site = await openSite({ processes: 3, capacity: 7 });
    const people = await Promise.all(Array.from({ length: 30 }, (_, index) => site.signUp(`p${index}`)));
    await Promise.all(people.map((userId, index) => site.all[index % 3]!.admissions.admit({ courseId: site.courseId, userId, role: 'student' })));
    expect(await site.enrolments.countStudents(site.courseId)).toBe(7);
    expect(await site.waiting.count(site.courseId)).toBe(23);
  });
});

describe('A person who is moved up by one process', () => {
  /** The process has stored the enrolment, and not yet looked whether the person still waits. */
  async function movedUpHalf() {
    const database = await openTestDatabase();
    onTestFinished(() => database.close());
    const site = await siteOn(database, { processes: 1, capacity: 1 });
    const [reached, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const held = interleavedDatabase(database, async ({ collection, method }) => {
      if (collection !== 'courseWaiting' || method !== 'deleteOne') return;
      reached.resolve();
      await gate.promise;
    });
    const other = createEnrolment({ database: held, jobs: { add: () => Promise.reject(new Error('no jobs here')) }, clock: site.clock, logger });
    const [a, b] = await Promise.all(['a', 'b'].map(site.signUp));
    await admit(site, a!);
    await admit(site, b!);
    await site.enrolments.remove(site.courseId, a!);
    const moving = other.admissions.moveUp(site.courseId);
    await reached.promise;
    expect(await isIn(site, b!)).toBe(true);
    const finish = async () => {
      gate.resolve();
      await moving;
    };
    return { site, person: b!, finish };
  }

  it('and withdraws at this moment is out', async () => {
    const { site, person, finish } = await movedUpHalf();
    await site.admissions.stopWaiting(site.courseId, person);
    await finish();
    expect(await isIn(site, person)).toBe(false);
  });

  it('and withdraws at this moment and changes their mind is in', async () => {
    const { site, person, finish } = await movedUpHalf();
    await site.admissions.stopWaiting(site.courseId, person);
    await admit(site, person);
    await finish();
    expect(await isIn(site, person)).toBe(true);
    expect(await site.waiting.find(site.courseId, person)).toBeUndefined();
  });

  it('and is removed at this moment is out', async () => {
    const { site, person, finish } = await movedUpHalf();
    await site.removals.put({ courseId: site.courseId, userId: person, byUserId: person, removedAt: '2026-01-02T00:00:00.000Z' });
    await finish();
    expect(await isIn(site, person)).toBe(false);
  });
});

describe('Seats', () => {
  it.each([0, 3])('are taken once each, when many people ask at the same time and %d are in without one', async (before) => {
    const database = await openTestDatabase();
    onTestFinished(() => database.close());
    for (let seed = 1; seed <= 20; seed += 1) {
      const site = await siteOn(database, { processes: 2, capacity: 8, seed });
      const ids = Array.from({ length: 20 }, () => UserId.parse(newId('usr')));
      const row = (userId: string) => ({ courseId: site.courseId, userId, role: 'student' as const, enrolledAt: '2026-01-01T00:00:00.000Z' });
      for (const userId of ids.slice(0, before)) await site.enrolments.add(row(userId));
      const taken = await Promise.all(ids.slice(before).map((userId, index) => new Seats(site.all[index % 2]!.enrolments).take(row(userId), 8)));
      expect(taken.filter((outcome) => outcome !== 'full')).toHaveLength(8 - before);
      expect(await site.enrolments.countStudents(site.courseId)).toBe(8);
      expect((await site.enrolments.takenSeats(site.courseId)).size).toBe(8);
    }
  });
});

type Step = { do: 'admit' | 'enrol' | 'leave' | 'withdraw' | 'remove' | 'promote' | 'demote'; who: number; at: number } | { do: 'resize'; capacity: number | null; at: number };

const peopleCount = 6;
const at = fc.integer({ min: 0, max: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('admit' as const, 'admit' as const, 'enrol' as const, 'leave' as const, 'leave' as const, 'withdraw' as const, 'remove' as const), who: fc.integer({ min: 0, max: peopleCount - 1 }), at }) },
  fc.record({ do: fc.constantFrom('promote' as const, 'demote' as const), who: fc.integer({ min: 0, max: peopleCount - 1 }), at }),
  fc.record({ do: fc.constant('resize' as const), capacity: fc.constantFrom(0, 1, 2, 4, null), at }),
);

/** Steps of different people at once, each on one of three processes. */
async function take(site: Site, { people, withdrawn }: { people: readonly UserId[]; withdrawn: Set<UserId> }, one: Step): Promise<void> {
  const { courseId } = site;
  const here = site.all[one.at]!;
  if (one.do === 'resize') return here.admissions.setCapacity(courseId, one.capacity);
  const userId = people[one.who]!;
  const expected = (err: unknown) => expect(err).toMatchObject({ name: 'CodedError' });
  if (one.do === 'admit') await here.admissions.admit({ courseId, userId, role: 'student' }).catch(expected);
  else if (one.do === 'enrol') await here.admissions.enrol(courseId, userId).catch(expected);
  else if (one.do === 'leave') await site.leave(here, userId).catch(expected);
  else if (one.do === 'withdraw') await here.admissions.stopWaiting(courseId, userId).then(() => withdrawn.add(userId), expected);
  else if (one.do === 'promote' || one.do === 'demote') {
    await here.enrolments.setRole(courseId, userId, one.do === 'promote' ? 'assistant' : 'student').catch(expected);
    await here.admissions.moveUp(courseId);
  } else {
    await here.removals.put({ courseId, userId, byUserId: userId, removedAt: '2026-01-01T00:00:00.000Z' });
    await site.leave(here, userId).catch(expected);
  }
}

it('Seats are given to as many as there are, to nobody who is removed or has withdrawn, and to all who wait, whatever several processes do at once', async () => {
  const database = await openTestDatabase();
  onTestFinished(() => database.close());
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1 }), fc.array(fc.array(step, { minLength: 2, maxLength: 8 }), { minLength: 3, maxLength: 8 }), async (seed, rounds) => {
      const site = await siteOn(database, { processes: 3, capacity: 2, seed });
      const people = await Promise.all(Array.from({ length: peopleCount }, (_, index) => site.signUp(`p${index}`)));
      const withdrawn = new Set<UserId>();
      for (const steps of rounds) {
        const before = await site.enrolments.countStudents(site.courseId);
        const capacityBefore = await site.admissions.capacityOf(site.courseId);
        await Promise.all(steps.map((one) => take(site, { people, withdrawn }, one)));
        // Who asks for a seat and withdraws at the same time may get either.
        for (const one of steps) if (one.do === 'admit' || one.do === 'enrol') withdrawn.delete(people[one.who]!);
        const resized = steps.filter((one) => one.do === 'resize').map(({ capacity }) => capacity);
        const demoted = steps.filter((one) => one.do === 'demote').length;
        const allowed = Math.max(before, ...[capacityBefore, ...resized].map((capacity) => capacity ?? Infinity)) + demoted;
        expect(await site.enrolments.countStudents(site.courseId)).toBeLessThanOrEqual(allowed);
      }
      await site.admissions.moveUp(site.courseId);
      const capacity = (await site.admissions.capacityOf(site.courseId)) ?? Infinity;
      const waiting = await site.waiting.count(site.courseId);
      if (waiting > 0) expect(await site.enrolments.countStudents(site.courseId)).toBeGreaterThanOrEqual(capacity);
      for (const person of people) {
        const [enrolment, wait, removal] = await Promise.all([site.enrolments.find(site.courseId, person), site.waiting.find(site.courseId, person), site.removals.find(site.courseId, person)]);
        // A place that is left over ends with the next seat.
        if (enrolment && wait) expect(await site.enrolments.countStudents(site.courseId)).toBeGreaterThanOrEqual(capacity);
        if (removal || withdrawn.has(person)) expect(enrolment).toBeUndefined();
      }
    }),
    { numRuns: 40 },
  );
});
