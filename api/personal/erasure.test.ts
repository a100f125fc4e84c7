import sharp from 'sharp';
import { beforeEach, describe, expect, it } from 'vitest';
import { CourseId, erasedUserId, UserId } from '#engine/contract';
import { newId } from '#engine/kernel';
import type { StoredDocument } from '#engine/kernel';
import { undoDeactivationMs } from '../limits.ts';
import { refusal, startTestApi } from '../testing/index.ts';
import type { Browser, TestApi } from '../testing/index.ts';
import { erasureIntervalMs } from './limits.ts';

const name = 'Grace Hopper';
const email = 'grace@example.org';
const password = 'grace-password';
const dayMs = 24 * 3600_000;

let site: TestApi;
let ada: Browser;
beforeEach(async () => {
  site = await startTestApi();
  ada = await site.firstAccount();
});

async function signUp(displayName = name, address = email): Promise<Browser> {
  const browser = site.browser();
  return browser.take(await browser.api.signup({ body: { email: address, displayName, password } }));
}

const logIn = () => site.browser().api.login({ body: { email, password } });
/** Thirty days and an hour later, everything that is due has run. */
async function passThirtyDays(): Promise<void> {
  site.clock.advance(undoDeactivationMs + erasureIntervalMs);
  await site.runJobs();
}

/** Everything that the site has stored or remembers, as text. */
async function everything(): Promise<string> {
  const parts: string[] = [];
  for (const collection of site.collectionNames()) parts.push(`${collection}: ${JSON.stringify(await site.collection(collection).find({}))}`);
  for (const { key } of (await site.store.list('')).objects) {
    const { body } = await site.store.get(key);
    parts.push(`${key}: ${Buffer.concat(await body.toArray() as Uint8Array[]).toString('latin1')}`);
  }
  return parts.join('\n');
}

/** A lecture in which Grace and Ada have said something. */
async function talkInLecture(grace: Browser, listener = ada): Promise<{ courseId: string; lectureId: string }> {
  const { id: courseId } = await grace.api.createCourse({ body: { title: 'Compilers', enrolmentPolicy: 'open' } });
  await listener.api.enrol({ params: { courseId }, body: {} });
  const { id: lectureId } = await grace.api.startLecture({ body: { courseId, title: 'Parsing' } });
  const teacher = site.enter(lectureId, grace, 'owner');
  const { lecture, participant } = site.enter(lectureId, listener);
  await teacher.lecture.chat.post(teacher.participant, `I am Grace Hopper, write to ${email}.`);
  await lecture.chat.post(participant, 'Thank you, grace hopper! Grace under pressure.');
  await teacher.lecture.chat.setMuted(teacher.participant, UserId.parse(listener.userId), false);
  lecture.leave(participant.id, 'left');
  await grace.api.endLecture({ params: { lectureId } });
  return { courseId, lectureId };
}

/** Unique fields of a row that nobody reads. */
function keysOf(collection: string): object {
  return collection === 'passkeys' ? { credentialId: 'c' } : collection === 'identities' ? { issuer: 'i', subject: 's' } : {};
}

/** Grace with something in every collection that holds personal data. */
async function liveALife(): Promise<{ grace: Browser; courseId: string; lectureId: string }> {
  const grace = await signUp();
  await ada.api.setUserRoles({ params: { userId: grace.userId }, body: { roles: ['instructor'] } });
  await site.runJobs();
  const { courseId, lectureId } = await talkInLecture(grace);
  // As a student of another course, from which she is removed; as somebody who invited and removed others.
  const { id: otherId } = await ada.api.createCourse({ body: { title: 'Analysis', enrolmentPolicy: 'open' } });
  await grace.join(ada, otherId, 'student');
  await ada.api.removeEnrolment({ params: { courseId: otherId, userId: grace.userId } });
  const { id: thirdId } = await ada.api.createCourse({ body: { title: 'Logic', enrolmentPolicy: 'open' } });
  await grace.api.enrol({ params: { courseId: thirdId }, body: {} });
  await grace.api.createInvitation({ params: { courseId }, body: { role: 'student' } });
  await ada.join(grace, courseId, 'assistant').catch(() => undefined);
  const bob = await signUp('Bob', 'bob@example.org');
  await bob.join(grace, courseId, 'student');
  await grace.api.removeEnrolment({ params: { courseId, userId: bob.userId } });
  const put = (collection: string, row: object) => site.collection<StoredDocument>(collection).insertOne({ _id: newId('idn'), ...row });
  const { userId } = grace;
  await grace.api.createAccessToken({ body: { name: 'Timetable', scopes: ['read:courses'] } });
  await grace.api.createCourseWebhook({ params: { courseId }, body: { url: 'https://hooks.example.org/', events: ['enrolment.added'] } });
  await put('webhookDeliveries', { webhookId: 'whk_of_others', uniqueKey: userId, aboutUserId: userId, payload: JSON.stringify({ data: { userId } }), state: 'delivered', createdAtMs: site.clock.nowMs() });
  await put('progress', { _id: `${userId}.vid`, userId });
  // What other rooms test by themselves: a row of hers in each of their collections.
  for (const collection of ['passkeys', 'recoveryCodes', 'identities', 'courseWaiting', 'enrolmentRequests']) await put(collection, { ...keysOf(collection), userId, courseId: otherId });
  await put('restoreRequests', { videoId: 'vid', userId, requestedAt: '2026-01-01T00:00:00.000Z' });
  await put('uploads', { _id: newId('upl'), userId, courseId: otherId, state: 'receiving' });
  await put('totpFactors', { _id: userId });
  await put('courseOffers', { toUserId: userId, fromUserId: ada.userId, expiresAt: '2040-01-01T00:00:00.000Z' });
  await put('pendingAdmissions', { courseId: otherId, email, name: 'Grace' });
  await put('pendingAdmissions', { courseId: thirdId, email: 'x@example.org', createdBy: userId });
  await put('rosterImports', { courseId, createdBy: userId, createdAt: '2026-01-01T00:00:00.000Z' });
  await put('rosterImports', { _id: 'imp_of_ada', courseId, createdBy: ada.userId, createdAt: '2026-01-01T00:00:00.000Z', shown: [], problems: [] });
  await put('rosterBatches', { _id: 'imp_of_ada/0', importId: 'imp_of_ada', lines: [{ email: email.toUpperCase() }] });
  const course = { params: { courseId } };
  await grace.api.createSeries({ ...course, body: { title: 'Parsing', weekdays: [1], startTime: '10:00', firstDate: '2030-06-03', count: 2, durationMinutes: 60 } });
  await grace.api.createCalendarFeed({ body: { courseId: null } });
  await put('sharingLinks', { videoId: 'vid_of_course', courseId, hash: 'h', label: 'Open day', createdBy: userId });
  await put('videos', { courseId, title: 'Parsing', state: 'ready', createdAt: '2026-01-01T00:00:00.000Z', deletedAt: '2026-01-02T00:00:00.000Z', deletedBy: userId });
  const { createdAt } = await grace.api.postAnnouncement({ ...course, body: { title: `News of ${name}`, text: `Write to ${email}.` } });
  await grace.api.readAnnouncements({ ...course, body: { until: createdAt } });
  const lecture = { params: { lectureId } };
  await grace.api.postLectureComment({ ...lecture, body: { text: `Write to ${email}.` } });
  const { id: commentId } = await ada.api.postLectureComment({ ...lecture, body: { text: `Thanks @${name}`, mentions: [UserId.parse(userId)] } });
  await grace.api.rateComment({ params: { courseId: CourseId.parse(courseId), commentId }, body: { rating: 'like' } });
  await put('mutedCommenters', { userId, courseId: thirdId, mutedAt: createdAt, until: null });
  for (const collection of ['attendance', 'watched', 'quizAttempts']) await put(collection, { _id: `x.${userId}`, userId, courseId, ...(collection === 'quizAttempts' && { slot: `quiz/${userId}/1`, quizId: 'quz_of_ada', asked: [], answers: {}, grades: {} }) });
  await grace.api.setAvatar({ body: new Uint8Array(await sharp({ create: { width: 64, height: 64, channels: 3, background: 'red' } }).png().toBuffer()) });
  await grace.api.requestExport();
  await site.runJobs();
  // A change of address in progress, its links, and a mail that is not sent yet.
  await grace.api.changeEmail({ body: { email: 'hopper@navy.example', currentPassword: password } });
  return { grace, courseId, lectureId };
}

describe('an account that its owner deactivates', () => {
  it('is restored by logging in within thirty days', async () => {
    const grace = await signUp();
    await grace.api.deactivate();
    expect(await refusal(grace.api.getProfile())).toMatchObject({ code: 'auth.invalid' });
    site.clock.advance(29 * dayMs);
    await site.runJobs();
    expect((await logIn()).account).toMatchObject({ displayName: name, isDeactivated: false, eraseAfter: null });
    await passThirtyDays();
    expect((await logIn()).account).toMatchObject({ displayName: name });
  });

  it('says when it will be erased, also in a mail to a verified address', async () => {
    const grace = await signUp();
    await site.runJobs();
    await grace.api.verifyEmail({ body: { token: site.mailbox.tokenFor(email) } });
    await grace.api.deactivate();
    await site.runJobs();
    const eraseAfter = new Date(site.clock.nowMs() + undoDeactivationMs);
    expect(site.mailbox.to(email).text).toContain(new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' }).format(eraseAfter));
    expect(await ada.api.listUsers({ query: { search: name } })).toMatchObject({ users: [{ isDeactivated: true, eraseAfter: eraseAfter.toISOString() }] });
  });

  it('is refused after thirty days, even before it is erased', async () => {
    await (await signUp()).api.deactivate();
    site.clock.advance(undoDeactivationMs);
    expect(await refusal(logIn())).toMatchObject({ code: 'account.deactivated' });
  });

  it('stays refused, and is still erased, when an administrator deactivates it as well', async () => {
    const grace = await signUp();
    await grace.api.deactivate();
    await ada.api.setUserActive({ params: { userId: grace.userId }, body: { isActive: false } });
    expect(await refusal(logIn())).toMatchObject({ code: 'account.deactivated' });
    await passThirtyDays();
    expect(await refusal(logIn())).toMatchObject({ code: 'credentials.wrong' });
  });

  it('is kept when an administrator reactivates it, but not while it is being erased', async () => {
    const grace = await signUp();
    const reactivate = () => ada.api.setUserActive({ params: { userId: grace.userId }, body: { isActive: true } });
    await grace.api.deactivate();
    expect(await reactivate()).toMatchObject({ isDeactivated: false, eraseAfter: null });
    expect((await logIn()).account.displayName).toBe(name);
    await grace.take(await logIn()).api.deactivate();
    site.clock.advance(undoDeactivationMs);
    ada = site.browser().take(await site.browser().api.login({ body: { email: 'ada@example.org', password: 'ada-password' } }));
    expect(await refusal(reactivate())).toMatchObject({ code: 'account.notFound' });
  });
});

describe('an account that an administrator deactivates', () => {
  it('is refused, and never erased', async () => {
    const grace = await signUp();
    await ada.api.setUserActive({ params: { userId: grace.userId }, body: { isActive: false } });
    expect(await refusal(logIn())).toMatchObject({ code: 'account.deactivated' });
    await passThirtyDays();
    expect(await refusal(logIn())).toMatchObject({ code: 'account.deactivated' });
  });
});

describe('an erased person', () => {
  it('leaves no name, no address and no id in any collection, chat, event log, object or log line', async () => {
    const { grace } = await liveALife();
    const before = await everything();
    // Each collection with personal data has something of hers: otherwise this test would show nothing about it.
    const marks = [grace.userId, name, email];
    for (const collection of site.personal.collections) expect(before.split('\n').find((line) => line.startsWith(`${collection}: `)), collection).toMatch(new RegExp(`${marks.join('|')}|"hopper"`, 'i'));
    expect(before).toContain(`exports/${grace.userId}/`);
    expect((await site.store.list('images/')).objects.length).toBe(2);
    await grace.api.deactivate();
    await passThirtyDays();
    const after = await everything();
    for (const mark of [...marks, 'hopper@navy.example', 'grace hopper', 'hopper', email.toUpperCase()]) expect(after).not.toContain(mark);
    expect((await site.store.list('images/')).objects).toEqual([]);
    for (const mark of [name, email, 'hopper@navy.example']) expect(JSON.stringify(site.logLines)).not.toContain(mark);
  });

  it('leaves courses, lectures and chats, under the name of a former instructor', async () => {
    const { grace, courseId, lectureId } = await liveALife();
    expect((await ada.api.getLectureChat({ params: { lectureId } })).messages[0]).toMatchObject({ displayName: name });
    await grace.api.deactivate();
    await passThirtyDays();
    ada = site.browser().take(await site.browser().api.login({ body: { email: 'ada@example.org', password: 'ada-password' } }));
    expect(await ada.api.getCourse({ params: { courseId } })).toMatchObject({ title: 'Compilers', ownerName: 'Former instructor' });
    expect(await ada.api.getLecture({ params: { lectureId } })).toMatchObject({ title: 'Parsing' });
    const { messages } = await ada.api.getLectureChat({ params: { lectureId } });
    expect(messages).toMatchObject([
      { userId: erasedUserId, displayName: 'Former instructor', text: 'I am […], write to […].' },
      { userId: ada.userId, displayName: 'Ada', text: 'Thank you, […]! Grace under pressure.' },
    ]);
    expect(await ada.api.listUsers({ query: { search: 'grace' } })).toMatchObject({ users: [] });
  });

  it('is erased by the next attempt when one fails, and holds up no one else', async () => {
    let isBroken = true;
    site = await startTestApi({ isWriteRefused: ({ collection }) => isBroken && collection === 'enrolments' });
    const grace = await signUp();
    await grace.api.deactivate();
    site.clock.advance(undoDeactivationMs + erasureIntervalMs);
    expect(await site.runJobs()).toContain('1 of 1 accounts could not be erased');
    isBroken = false;
    for (let hour = 0; hour < 3; hour += 1) {
      site.clock.advance(erasureIntervalMs);
      await site.runJobs();
    }
    expect(await everything()).not.toContain(email);
  });

  it('can sign up again with the same address', async () => {
    await (await signUp()).api.deactivate();
    await passThirtyDays();
    expect((await signUp()).account).toMatchObject({ email });
  });
});

it('events of a lecture that nobody of the account was in stay as they are', async () => {
  await talkInLecture(ada, await signUp('Sam', 'sam@example.org'));
  const before = await site.collection('lectureEvents').find({});
  await site.personal.erase({ userId: UserId.parse(newId('usr')), email: 'x@example.org', displayName: 'Xavier Young' });
  // The last joins and leaves are written in a batch.
  expect((await site.collection('lectureEvents').find({})).slice(0, before.length)).toEqual(before);
});
