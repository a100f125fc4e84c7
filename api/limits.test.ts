import { describe, expect, it } from 'vitest';
import { joinTicketSeconds, LectureId } from '#engine/contract';
import { fromInstant, toInstant } from '#engine/kernel';
import * as limits from './contract/limits.ts';
import { routes } from './contract/index.ts';
import { accessTokenSeconds, knownDeviceMs, maxBodyBytes, maxJsonDepth, maxLoginsPerAccount, refreshRepeatMs, refreshTokenMs, turnCredentialSeconds } from './limits.ts';
import { refusal, startSharedTestApi, startTestApi } from './testing/index.ts';

// Each test fails when the API enforces another number than the one that is written down.

const x = (length: number) => 'x'.repeat(length);
/** A password that is not common. */
const phrase = (length: number) => 'quiet otters build paper boats, '.repeat(Math.ceil(length / 32)).slice(0, length);

describe('the contract', () => {
  const { signup, login, createCourse, updateCourse, enrol, scheduleLecture, startLecture, saveProgress, listUsers, getLectureChat } = routes;
  const account = { email: 'ada@example.org', displayName: 'Ada', password: phrase(limits.minPasswordLength) };
  const ofCourse = { courseId: 'crs_00000000000000000001' };

  it.each([
    { what: 'display name', route: signup, make: (length: number) => ({ ...account, displayName: x(length) }), most: limits.maxDisplayNameLength },
    { what: 'password', route: signup, make: (length: number) => ({ ...account, password: phrase(length) }), most: limits.maxPasswordLength },
    { what: 'password at login', route: login, make: (length: number) => ({ email: account.email, password: x(length) }), most: limits.maxPasswordLength },
    { what: 'title of a course', route: createCourse, make: (length: number) => ({ title: x(length) }), most: limits.maxTitleLength },
    { what: 'description', route: createCourse, make: (length: number) => ({ title: 'Physics', description: x(length) }), most: limits.maxDescriptionLength },
    { what: 'new description', route: updateCourse, make: (length: number) => ({ description: x(length) }), most: limits.maxDescriptionLength },
    { what: 'enrolment code', route: enrol, make: (length: number) => ({ code: x(length) }), most: limits.maxEnrolmentCodeLength },
    { what: 'title of a lecture', route: scheduleLecture, make: (length: number) => ({ title: x(length) }), most: limits.maxTitleLength },
    { what: 'title of a lecture at once', route: startLecture, make: (length: number) => ({ ...ofCourse, title: x(length) }), most: limits.maxTitleLength },
    { what: 'duration', route: scheduleLecture, make: (durationMinutes: number) => ({ title: 'Waves', durationMinutes }), most: limits.maxLectureMinutes },
    { what: 'position', route: saveProgress, make: (positionSeconds: number) => ({ positionSeconds }), most: limits.maxPositionSeconds },
  ])('bounds the $what', ({ route: { body }, make, most }) => {
    expect([most, most + 1].map((value) => body.safeParse(make(value)).success)).toEqual([true, false]);
  });

  it('bounds e-mail addresses, and the length of a new password from below', () => {
    const host = `${`${x(62)}.`.repeat(3)}org`;
    const email = (length: number) => ({ ...account, email: `${x(length - host.length - 1)}@${host}` });
    expect([limits.maxEmailLength, limits.maxEmailLength + 1].map((length) => signup.body.safeParse(email(length)).success)).toEqual([true, false]);
    expect(signup.body.safeParse({ ...account, password: phrase(limits.minPasswordLength - 1) }).success).toBe(false);
    expect(signup.body.safeParse(account).success).toBe(true);
  });

  it.each([
    { what: 'accounts', route: listUsers, size: limits.accountPageSize, most: limits.maxAccountPageSize },
    { what: 'messages', route: getLectureChat, size: limits.chatPageSize, most: limits.maxChatPageSize },
  ])('has pages of $what', ({ route: { query }, size, most }) => {
    expect(query.parse({}).limit).toBe(size);
    expect([most, most + 1].map((limit) => query.safeParse({ limit }).success)).toEqual([true, false]);
  });
});

describe('the API', async () => {
  const site = await startSharedTestApi({ settings: { LECTERN_TURN_URLS: 'turn:turn.test:3478', LECTERN_TURN_SECRET: 'shared' } });
  const ada = await site.firstAccount();

  it('signs access tokens for accessTokenSeconds', async () => {
    const sam = await site.signup('sam');
    site.clock.advance((accessTokenSeconds - 1) * 1000);
    expect(await sam.api.getProfile()).toMatchObject({ displayName: 'sam' });
    site.clock.advance(1000);
    expect(await refusal(sam.api.getProfile())).toMatchObject({ code: 'auth.expired' });
    const { expiresAt } = await sam.api.refresh();
    expect(fromInstant(expiresAt)).toBe(site.clock.nowMs() + accessTokenSeconds * 1000);
    ada.take(await ada.api.refresh());
  });

  it('issues refresh tokens for refreshTokenMs after the last refresh, and device cookies for knownDeviceMs', async () => {
    const sue = await site.signup('sue');
    const attributesOf = (name: string) => sue.cookies.get(name)?.attributes ?? '';
    expect(attributesOf('lectern_refresh')).toContain(`Max-Age=${refreshTokenMs / 1000};`);
    expect(attributesOf('lectern_device')).toContain(`Max-Age=${knownDeviceMs / 1000};`);
    site.clock.advance(refreshTokenMs - 1);
    await sue.api.refresh();
    site.clock.advance(refreshTokenMs);
    expect(await refusal(sue.api.refresh())).toMatchObject({ code: 'auth.expired' });
    ada.take(await ada.api.login({ body: { email: 'ada@example.org', password: 'ada-password' } }));
  });

  it('yields the same successor of a refresh token for refreshRepeatMs', async () => {
    const tom = await site.signup('tom');
    const cookie = `lectern_refresh=${tom.cookies.get('lectern_refresh')?.value}`;
    const refresh = async () => {
      const response = await fetch(`${site.url}/api/v1/users/refresh`, { method: 'POST', headers: { cookie, 'x-lectern-client': 'web', 'sec-fetch-site': 'same-origin' } });
      return response.headers.getSetCookie().find((line) => line.startsWith('lectern_refresh='))?.split(';')[0];
    };
    const first = await refresh();
    site.clock.advance(refreshRepeatMs - 1);
    expect(await refresh()).toBe(first);
    site.clock.advance(1);
    expect(await refresh()).not.toBe(first);
  });

  it('ends the oldest logins beyond maxLoginsPerAccount', async () => {
    const store = site.logins;
    const now = toInstant(site.clock.nowMs());
    const login = { userId: ada.userId, createdAt: now, lastUsedAt: now, expiresAt: toInstant(site.clock.nowMs() + refreshTokenMs), userAgent: '', address: '' };
    for (let count = 0; count < maxLoginsPerAccount; count += 1) await store.add(login);
    site.clock.advance(1000);
    ada.take(await ada.api.login({ body: { email: 'ada@example.org', password: 'ada-password' } }));
    expect((await ada.api.listLogins()).logins).toHaveLength(maxLoginsPerAccount);
  });

  it('signs join tickets for joinTicketSeconds and TURN credentials for turnCredentialSeconds', async () => {
    const { id: courseId } = await ada.api.createCourse({ body: { title: 'Physics' } });
    const { id: lectureId } = await ada.api.startLecture({ body: { courseId, title: 'Waves' } });
    const { ticket, expiresAt, iceServers } = await ada.api.joinLecture({ body: { lectureId } });
    expect(fromInstant(expiresAt)).toBe(site.clock.nowMs() + joinTicketSeconds * 1000);
    expect(iceServers[0]?.username).toMatch(new RegExp(`^${Math.floor(site.clock.nowMs() / 1000) + turnCredentialSeconds}:`));
    site.clock.advance((joinTicketSeconds - 1) * 1000);
    expect(site.tokens.verify('join', ticket).lectureId).toBe(LectureId.parse(lectureId));
    site.clock.advance(1000);
    expect(() => site.tokens.verify('join', ticket)).toThrow('expired');
  });

  it('reads bodies of maxBodyBytes, nested maxJsonDepth deep', async () => {
    const { url } = await startTestApi();
    const codeOf = async (body: string) => {
      const response = await fetch(`${url}/api/v1/users/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      return ((await response.json()) as { detail: string }).detail;
    };
    const padded = (bytes: number) => JSON.stringify({ email: 'a@example.org', password: '' }).padEnd(bytes, ' ');
    expect(await codeOf(padded(maxBodyBytes))).toBe('Enter the password.');
    expect(await codeOf(padded(maxBodyBytes + 1))).toMatch('too large');
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(await codeOf(nested(maxJsonDepth))).not.toMatch('nested');
    expect(await codeOf(nested(maxJsonDepth + 1))).toMatch('nested');
  });
});
