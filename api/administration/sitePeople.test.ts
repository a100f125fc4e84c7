import { describe, expect, it } from 'vitest';
import { UserId } from '#engine/contract';
import { toInstant } from '#engine/kernel';
import { AccountStore } from '../accounts/AccountStore.ts';
import type { PeopleQuery } from '../contract/index.ts';
import { refusal, startTestApi } from '../testing/index.ts';

async function site() {
  const started = await startTestApi();
  const { clock } = started;
  const ada = await started.firstAccount();
  const people = [];
  for (const name of ['Ben', 'Cem', 'Dee']) {
    clock.advance(1000);
    people.push(await started.signup(name));
  }
  const names = async (query: Partial<PeopleQuery>) => (await ada.api.listPeople({ query })).people.map(({ displayName }) => displayName);
  return { ...started, ada, people, names };
}

describe('People, for administrators', () => {
  it('are listed the newest first, a page at a time, with and without a search', async () => {
    const { ada, names } = await site();
    expect(await names({})).toEqual(['Dee', 'Cem', 'Ben', 'Ada']);
    for (const search of [undefined, 'example.org']) {
      const first = await ada.api.listPeople({ query: { search, limit: 3 } });
      const second = await ada.api.listPeople({ query: { search, limit: 3, cursor: first.nextCursor ?? '' } });
      expect([...first.people, ...second.people].map(({ displayName }) => displayName)).toEqual(['Dee', 'Cem', 'Ben', 'Ada']);
      expect(second.nextCursor).toBeNull();
    }
    expect(await names({ search: 'cEM' })).toEqual(['Cem']);
    expect(await refusal(ada.api.listPeople({ query: { cursor: 'bm9uc2Vuc2U' } }))).toMatchObject({ code: 'page.notFound' });
  });

  it('are filtered by role and state, with and without a search', async () => {
    const { ada, people: [ben, cem], names, database } = await site();
    await ada.api.setUserRoles({ params: { userId: ben?.userId ?? '' }, body: { roles: ['instructor'] } });
    await ada.api.setUserActive({ params: { userId: cem?.userId ?? '' }, body: { isActive: false } });
    await new AccountStore(database).update(UserId.parse(ben?.userId), { emailVerifiedAt: '2030-01-01T00:00:00.000Z' });
    for (const search of [undefined, 'example']) {
      expect(await names({ search, role: 'instructor' })).toEqual(['Ben', 'Ada']);
      expect(await names({ search, state: 'deactivated' })).toEqual(['Cem']);
      expect(await names({ search, state: 'active' })).toEqual(['Dee', 'Ben', 'Ada']);
      expect(await names({ search, state: 'unverified' })).toEqual(['Dee', 'Ada']);
      expect(await names({ search, state: 'active', role: 'student' })).toEqual(['Dee']);
    }
  });

  it('are filtered by when they were seen last', async () => {
    const { clock, browser, names } = await site();
    clock.advance(10 * 24 * 3600_000);
    const since = toInstant(clock.nowMs() - 3600_000);
    await browser().api.login({ body: { email: 'cem@example.org', password: 'Cem-password' } });
    const ada = browser();
    ada.take(await ada.api.login({ body: { email: 'ada@example.org', password: 'ada-password' } }));
    const { people } = await ada.api.listPeople({ query: { seenSince: since } });
    expect(people.map(({ displayName, lastSeenAt }) => [displayName, lastSeenAt])).toEqual([['Cem', toInstant(clock.nowMs())], ['Ada', toInstant(clock.nowMs())]]);
    expect((await ada.api.listPeople({ query: { notSeenSince: since } })).people.map(({ displayName }) => displayName)).toEqual(['Dee', 'Ben']);
    expect(names).toBeDefined();
  });

  it('are shown with their courses and logins', async () => {
    const { ada, people: [ben] } = await site();
    const { id: courseId } = await ada.api.createCourse({ body: { title: 'Physics', enrolmentPolicy: 'open' } });
    await ben?.api.enrol({ params: { courseId }, body: {} });
    const person = await ada.api.getPerson({ params: { userId: ben?.userId ?? '' } });
    expect(person).toMatchObject({ displayName: 'Ben', isAddressVerified: false, courses: [{ id: courseId, title: 'Physics', role: 'student' }], logins: [{ address: expect.stringContaining('127.0.0.1') as string }] });
    expect(JSON.stringify(person)).not.toMatch(/passwordHash|argon|generation/i);
  });

  it('have to sign in again when an administrator ends their logins', async () => {
    const { ada, people: [ben] } = await site();
    const userId = ben?.userId ?? '';
    await ada.api.signOutPerson({ params: { userId } });
    expect(await refusal(ben!.api.getProfile())).toMatchObject({ code: 'auth.invalid' });
    expect((await ada.api.getPerson({ params: { userId } })).logins).toEqual([]);
    expect((await ada.api.listAudit({ query: { targetId: userId } })).entries).toMatchObject([{ action: 'user.signedOut', actor: { name: 'Ada' } }]);
    expect(await refusal(ada.api.signOutPerson({ params: { userId: `usr_${'0'.repeat(20)}` } }))).toMatchObject({ code: 'account.notFound' });
  });

  it('are deactivated with a reason, which is in the audit log', async () => {
    const { ada, people: [ben] } = await site();
    const userId = ben?.userId ?? '';
    await ada.api.setUserActive({ params: { userId }, body: { isActive: false, reason: 'Left the university' } });
    await ada.api.setUserActive({ params: { userId }, body: { isActive: true } });
    expect((await ada.api.listAudit({ query: { targetId: userId } })).entries.map(({ action, changes }) => [action, changes]).toSorted()).toEqual([['user.deactivated', { reason: 'Left the university' }], ['user.reactivated', {}]]);
  });

  it('are nobody else’s business', async () => {
    const { people: [ben, cem] } = await site();
    const params = { userId: cem?.userId ?? '' };
    for (const attempt of [() => ben!.api.listPeople(), () => ben!.api.getPerson({ params }), () => ben!.api.signOutPerson({ params })]) expect(await refusal(attempt())).toMatchObject({ code: 'access.denied' });
  });
});
