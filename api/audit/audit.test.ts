import { describe, expect, it } from 'vitest';
import { UserId } from '#engine/contract';
import { toInstant } from '#engine/kernel';
import { openTestDatabase, until } from '#engine/testing';
import { routes } from '../contract/index.ts';
import type { AuditEntry, RouteSpec } from '../contract/index.ts';
import { refusal, startTestApi } from '../testing/index.ts';
import { maxAuditedText } from './limits.ts';
import { auditRow, AuditStore } from './AuditStore.ts';
import { routeAudit } from './routeAudit.ts';

const record = { actorId: 'usr_1', action: 'course.changed', target: { kind: 'course', id: 'crs_1' }, courseId: null, requestId: 'r', addressGroup: '192.0.2.1', changes: {} } as const;
const shown = (entries: readonly AuditEntry[]) => entries.map(({ action, actor, target, course }) => [actor.name, action, target.name, course?.name ?? null]);

/** An instructor with a course, and a student in it. */
async function site(options?: Parameters<typeof startTestApi>[0]) {
  const started = await startTestApi(options);
  const ada = await started.firstAccount();
  const { id: courseId } = await ada.api.createCourse({ body: { title: 'Physics', enrolmentPolicy: 'open' } });
  const sam = await started.signup('Sam');
  await sam.api.enrol({ params: { courseId }, body: {} });
  return { ...started, ada, sam, courseId };
}

describe('The audit log', () => {
  it('names who did what to whom, in which course, with the request and what has changed', async () => {
    const { ada, sam, courseId, clock } = await site();
    const steps: (() => Promise<unknown>)[] = [
      () => ada.api.setEnrolmentRole({ params: { courseId, userId: sam.userId }, body: { role: 'assistant' } }),
      () => ada.api.removeEnrolment({ params: { courseId, userId: sam.userId } }),
      () => ada.api.readmitMember({ params: { courseId, userId: sam.userId } }),
      () => ada.api.issueStreamKey({ params: { courseId } }),
      () => ada.api.setUserRoles({ params: { userId: sam.userId }, body: { roles: ['student', 'instructor'] } }),
      () => ada.api.setUserActive({ params: { userId: sam.userId }, body: { isActive: false } }),
      () => ada.api.deleteCourse({ params: { courseId } }),
    ];
    for (const step of steps) {
      clock.advance(1000);
      await step();
    }
    const { entries, nextCursor } = await ada.api.listAudit();
    expect(shown(entries)).toEqual([
      ['Ada', 'course.deleted', null, null],
      ['Ada', 'user.deactivated', 'Sam', null],
      ['Ada', 'user.rolesChanged', 'Sam', null],
      ['Ada', 'streamKey.issued', null, null],
      ['Ada', 'enrolment.readmitted', 'Sam', null],
      ['Ada', 'enrolment.removed', 'Sam', null],
      ['Ada', 'enrolment.roleChanged', 'Sam', null],
    ]);
    expect(nextCursor).toBeNull();
    expect(entries[2]).toMatchObject({ changes: { rolesBefore: ['student'], roles: ['student', 'instructor'] }, addressGroup: '127.0.0.1' });
    expect(entries[6]).toMatchObject({ target: { kind: 'user', id: sam.userId }, course: { id: courseId }, changes: { role: 'assistant' } });
    expect(entries[0]?.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('names what presenters do to others in a room', async () => {
    const { ada, sam, courseId, enter } = await site();
    const { id: lectureId } = await ada.api.startLecture({ body: { courseId, title: 'Optics' } });
    const { lecture, participant } = enter(lectureId, ada, 'owner');
    enter(lectureId, sam);
    await lecture.chat.setMuted(participant, UserId.parse(sam.userId), true);
    await lecture.chat.setMuted(participant, UserId.parse(sam.userId), false);
    await lecture.chat.setSlowMode(participant, 5000);
    await lecture.removals.remove(participant, UserId.parse(sam.userId));
    const entries = await until('the entries', async () => {
      const found = (await ada.api.listAudit({ query: { courseId } })).entries.filter(({ action }) => !action.startsWith('lecture.'));
      return found.length === 4 ? found : undefined;
    });
    expect(entries.map(({ action, actor, target, changes }) => [action, actor.name, target.name, changes]).toSorted()).toEqual([
      ['chat.slowModeChanged', 'Ada', 'Optics', { intervalMs: 5000 }],
      ['participant.muted', 'Ada', 'Sam', { lectureId }],
      ['participant.removed', 'Ada', 'Sam', { lectureId }],
      ['participant.unmuted', 'Ada', 'Sam', { lectureId }],
    ]);
  });

  it('is searched by actor, target, course, action and time, a page at a time', async () => {
    const { ada, sam, courseId, clock } = await site();
    const from = toInstant(clock.nowMs());
    for (const title of ['A', 'B', 'C']) {
      clock.advance(1000);
      await ada.api.updateCourse({ params: { courseId }, body: { title } });
    }
    const to = toInstant(clock.nowMs());
    await ada.api.setUserRoles({ params: { userId: sam.userId }, body: { roles: ['instructor'] } });
    const count = async (query: NonNullable<Parameters<typeof ada.api.listAudit>[0]>['query']) => (await ada.api.listAudit({ query })).entries.length;
    expect(await Promise.all([count({ actorId: ada.userId }), count({ actorId: sam.userId }), count({ targetId: sam.userId }), count({ courseId }), count({ action: 'course.changed', actorId: ada.userId }), count({ from, to })])).toEqual([4, 0, 1, 3, 3, 2]);
    const first = await ada.api.listAudit({ query: { limit: 3 } });
    const second = await ada.api.listAudit({ query: { limit: 3, cursor: first.nextCursor ?? '' } });
    expect([first.entries.length, second.entries.map(({ changes }) => changes), second.nextCursor]).toEqual([3, [{ title: 'A' }], null]);
  });

  it('is read by administrators only, and does not hold passwords, keys or e-mail addresses', async () => {
    const { ada, sam, courseId, database } = await site();
    await ada.api.createUser({ body: { email: 'kim@example.org', displayName: 'Kim', password: 'a-secret-of-kim' } });
    const { streamKey } = await ada.api.issueStreamKey({ params: { courseId } });
    const { token } = await ada.api.createInvitation({ params: { courseId }, body: {} });
    expect(await refusal(sam.api.listAudit())).toMatchObject({ code: 'access.denied' });
    const { rows: entries } = await new AuditStore(database).search({ limit: 10 });
    expect(entries).toHaveLength(3);
    for (const secret of ['a-secret-of-kim', streamKey, token, '@']) expect(JSON.stringify(entries)).not.toContain(secret);
  });

  it('does not hold what was refused', async () => {
    const { ada, sam, courseId } = await site();
    expect(await refusal(sam.api.deleteCourse({ params: { courseId } }))).toMatchObject({ code: 'access.denied' });
    expect(await refusal(ada.api.setUserActive({ params: { userId: ada.userId }, body: { isActive: false } }))).toMatchObject({ code: 'account.lastAdmin' });
    expect((await ada.api.listAudit()).entries).toEqual([]);
  });

  it('keeps an entry that the database does not accept at once until it does', async () => {
    let isFull = true;
    const { ada, courseId, clock, logLines } = await site({ isWriteRefused: ({ collection }) => collection === 'audit' && isFull });
    await ada.api.updateCourse({ params: { courseId }, body: { title: 'Optics' } });
    expect((await ada.api.listAudit()).entries).toEqual([]);
    isFull = false;
    await until('the entry', async () => {
      clock.advance(10_000);
      return (await ada.api.listAudit()).entries.length === 1;
    });
    expect(logLines.map(({ msg }) => msg)).toContain('audit.delayed');
  });
});

describe('The store of the audit log', () => {
  it('replaces an erased person by an id that leads nowhere, and keeps what was done', async () => {
    const store = new AuditStore(await openTestDatabase());
    const [ada, sam] = [`usr_${'a'.repeat(20)}`, `usr_${'b'.repeat(20)}`];
    await store.put(auditRow({ ...record, actorId: ada, target: { kind: 'user', id: sam } }, '2026-01-01T00:00:00.000Z'));
    await store.put(auditRow({ ...record, actorId: sam, target: { kind: 'user', id: ada } }, '2026-01-02T00:00:00.000Z'));
    await store.anonymise(sam);
    const { rows: entries } = await store.search({ limit: 10 });
    expect(JSON.stringify(entries)).not.toContain(sam);
    expect(entries.map(({ actorId, targetId, addressGroup }) => [actorId.slice(0, 5), targetId.slice(0, 5), addressGroup])).toEqual([['anon_', 'usr_a', ''], ['usr_a', 'anon_', '192.0.2.1']]);
    expect(entries[0]?.actorId).toBe(entries[1]?.targetId);
    expect(UserId.safeParse(entries[0]?.actorId).success).toBe(false);
  });

  it('removes entries by their age only, and cuts long texts', async () => {
    const store = new AuditStore(await openTestDatabase());
    await store.put(auditRow(record, '2026-01-01T00:00:00.000Z'));
    await store.put(auditRow({ ...record, changes: { title: 'x'.repeat(5000), roles: Array.from({ length: 500 }, () => 'y') } }, '2026-01-03T00:00:00.000Z'));
    expect(await store.removeBefore('2026-01-02T00:00:00.000Z')).toBe(1);
    const { rows: entries } = await store.search({ limit: 10 });
    expect(entries.map(({ changes }) => String(changes.title).length)).toEqual([maxAuditedText]);
    expect(entries[0]?.changes.roles).toHaveLength(50);
  });
});

it('Every route that only administrators may change something with is audited', () => {
  const specs: [string, RouteSpec][] = Object.entries(routes);
  const unaudited = specs.filter(([name, { auth, method }]) => auth === 'admin' && method !== 'GET' && routeAudit[name as keyof typeof routeAudit] === 'none');
  expect(unaudited).toEqual([]);
});
