import { describe, expect, it } from 'vitest';
import type { EnrolmentPolicy } from '../contract/index.ts';
import { requestAgainMs } from '../limits.ts';
import { UserId } from '#engine/contract';
import { AccountStore } from '../accounts/AccountStore.ts';
import { EnrolmentStore } from '../courses/EnrolmentStore.ts';
import { RemovalStore } from '../courses/RemovalStore.ts';
import { refusal, startSharedTestApi } from '../testing/index.ts';
import type { Browser } from '../testing/index.ts';

const site = await startSharedTestApi();
const ada = await site.firstAccount();
let count = 0;

const person = () => site.signup(`person${(count += 1)}`);

async function courseOf(enrolmentPolicy: EnrolmentPolicy, capacity: number | null = null) {
  const { id: courseId } = await ada.api.createCourse({ body: { title: 'Physics', enrolmentPolicy } });
  const course = { params: { courseId } };
  if (capacity !== null) await ada.api.updateAdmission({ ...course, body: { capacity } });
  return { courseId, course };
}

describe('a full course', () => {
  it('refuses to enrol, takes people on its waiting list, and enrols them when seats become free', async () => {
    const { courseId, course } = await courseOf('open', 1);
    const [sam, eve, tom] = [await person(), await person(), await person()];
    await sam.api.enrol(course);
    expect(await eve.api.getJoining(course)).toMatchObject({ isFull: true, waiting: null, role: null });
    expect(await refusal(eve.api.enrol(course))).toMatchObject({ code: 'course.full', status: 409 });
    expect(await eve.api.joinWaitingList(course)).toMatchObject({ waiting: { position: 1 } });
    expect(await tom.api.joinWaitingList(course)).toMatchObject({ waiting: { position: 2 }, waitingCount: 2 });
    expect(await eve.api.joinWaitingList(course), 'asking again').toMatchObject({ waiting: { position: 1 } });
    expect((await ada.api.listWaiting(course)).people.map(({ userId }) => userId)).toEqual([eve.userId, tom.userId]);
    expect(await ada.api.getAdmission(course)).toMatchObject({ capacity: 1, studentCount: 1, waitingCount: 2 });
    await ada.api.removeEnrolment({ params: { courseId, userId: sam.userId } });
    expect(await eve.api.getCourse(course)).toMatchObject({ role: 'student' });
    expect(await tom.api.getJoining(course)).toMatchObject({ waiting: { position: 1 } });
    expect(await refusal(sam.api.joinWaitingList(course)), 'removed people stay out').toMatchObject({ code: 'enrolment.removed' });
    await ada.api.updateAdmission({ ...course, body: { capacity: null } });
    expect(await tom.api.getCourse(course)).toMatchObject({ role: 'student' });
  });

  it('gives the seat of a student who becomes an assistant to the next', async () => {
    const { courseId, course } = await courseOf('open', 1);
    const [sam, eve] = [await person(), await person()];
    await sam.api.enrol(course);
    await eve.api.joinWaitingList(course);
    await ada.api.setEnrolmentRole({ params: { courseId, userId: sam.userId }, body: { role: 'assistant' } });
    expect(await eve.api.getCourse(course)).toMatchObject({ role: 'student' });
  });

  it('lets people leave its waiting list, once', async () => {
    const { courseId, course } = await courseOf('open', 0);
    const [sam, eve] = [await person(), await person()];
    await sam.api.joinWaitingList(course);
    await eve.api.joinWaitingList(course);
    await sam.api.leaveWaitingList(course);
    expect(await refusal(sam.api.leaveWaitingList(course))).toMatchObject({ code: 'admission.notFound', status: 404 });
    expect(await eve.api.getJoining(course)).toMatchObject({ waiting: { position: 1 } });
    await ada.api.removeWaiting({ params: { courseId, userId: eve.userId } });
    expect(await ada.api.getAdmission(course)).toMatchObject({ waitingCount: 0 });
  });

  it('asks for the code before it shows a place', async () => {
    const { course } = await courseOf('code', 0);
    const sam = await person();
    expect(await refusal(sam.api.joinWaitingList(course))).toMatchObject({ code: 'course.codeWrong' });
    const { enrolmentCode } = await ada.api.getCourse(course);
    expect(await sam.api.joinWaitingList({ ...course, body: { code: enrolmentCode ?? '' } })).toMatchObject({ waiting: { position: 1 } });
  });
});

describe('a request to join', () => {
  const send = (who: Browser, course: { params: { courseId: string } }, note = '') => who.api.sendRequest({ ...course, body: { note } });

  it('is seen by the instructor with its note, approved, and enrols the person', async () => {
    const { courseId, course } = await courseOf('request');
    const sam = await person();
    expect(await refusal(sam.api.enrol(course))).toMatchObject({ code: 'course.approvalNeeded', status: 403 });
    expect(await send(sam, course, 'I took Physics I.')).toMatchObject({ request: { state: 'open', note: 'I took Physics I.' } });
    await send(sam, course, 'I took Physics I and II.');
    const { requests } = await ada.api.listRequests(course);
    expect(requests).toMatchObject([{ userId: sam.userId, note: 'I took Physics I and II.' }]);
    expect(await ada.api.getAdmission(course)).toMatchObject({ requestCount: 1 });
    const params = { courseId, requestId: requests[0]!.id };
    expect(await ada.api.approveRequest({ params })).toEqual({ outcome: 'enrolled' });
    expect(await sam.api.getCourse(course)).toMatchObject({ role: 'student' });
    for (const problem of [await refusal(ada.api.approveRequest({ params })), await refusal(ada.api.declineRequest({ params }))]) expect(problem).toMatchObject({ code: 'admission.notFound' });
    expect(await refusal(send(sam, course))).toMatchObject({ code: 'enrolment.exists' });
  });

  it('waits for a seat when it is approved in a full course', async () => {
    const { courseId, course } = await courseOf('request', 0);
    const sam = await person();
    await send(sam, course);
    const { requests } = await ada.api.listRequests(course);
    expect(await ada.api.approveRequest({ params: { courseId, requestId: requests[0]!.id } })).toEqual({ outcome: 'waiting' });
    expect(await sam.api.getJoining(course)).toMatchObject({ waiting: { position: 1 }, request: null });
  });

  it('can be sent again a day after it was declined, not before', async () => {
    const { courseId, course } = await courseOf('request');
    const sam = await person();
    await send(sam, course);
    const { requests } = await ada.api.listRequests(course);
    await ada.api.declineRequest({ params: { courseId, requestId: requests[0]!.id } });
    expect(await sam.api.getJoining(course)).toMatchObject({ request: { state: 'declined' } });
    expect(await refusal(send(sam, course))).toMatchObject({ code: 'admission.declined' });
    site.clock.advance(requestAgainMs + 1);
    for (const who of [sam, ada]) who.take(await who.api.refresh());
    expect(await send(sam, course)).toMatchObject({ request: { state: 'open' } });
  });

  it('is decided once, when it is approved and withdrawn at the same time', async () => {
    const { courseId, course } = await courseOf('request');
    const sam = await person();
    await send(sam, course);
    const { requests } = await ada.api.listRequests(course);
    const outcomes = await Promise.allSettled([ada.api.approveRequest({ params: { courseId, requestId: requests[0]!.id } }), sam.api.withdrawRequest(course)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const isApproved = outcomes[0]?.status === 'fulfilled';
    expect(await sam.api.getCourse(course)).toMatchObject({ role: isApproved ? 'student' : null });
    expect(await ada.api.getAdmission(course)).toMatchObject({ requestCount: 0 });
  });

  it('is refused by courses that take none, and in a course of somebody else', async () => {
    const [open, asked] = [await courseOf('open'), await courseOf('request')];
    const sam = await person();
    expect(await refusal(send(sam, open.course))).toMatchObject({ code: 'course.closed' });
    await send(sam, asked.course);
    const { requests } = await ada.api.listRequests(asked.course);
    expect(await refusal(ada.api.approveRequest({ params: { courseId: open.courseId, requestId: requests[0]!.id } }))).toMatchObject({ code: 'admission.notFound' });
    for (const call of [sam.api.listRequests(asked.course), sam.api.approveRequest({ params: { ...asked.course.params, requestId: requests[0]!.id } })]) expect(await refusal(call)).toMatchObject({ code: 'access.denied' });
    expect(await refusal(send(sam, asked.course, 'x'.repeat(501)))).toMatchObject({ code: 'request.invalid' });
  });
});

describe('the groups of a course', () => {
  it('have names of their own, hold each person once, and leave people in the course when they go', async () => {
    const { courseId, course } = await courseOf('open');
    const sam = await person();
    await sam.api.enrol(course);
    const group = await ada.api.createGroup({ ...course, body: { name: ' Tuesday ' } });
    expect(group).toMatchObject({ name: 'Tuesday' });
    for (const name of ['TUESDAY', 'Ｔuesday']) expect(await refusal(ada.api.createGroup({ ...course, body: { name } }))).toMatchObject({ code: 'group.exists', errors: [{ path: 'name' }] });
    const ofSam = { params: { courseId, userId: sam.userId } };
    await ada.api.setMemberGroup({ ...ofSam, body: { groupId: group.id } });
    expect((await ada.api.listEnrolments({ ...course, query: { group: group.id } })).enrolments).toMatchObject([{ userId: sam.userId, groupId: group.id }]);
    expect((await ada.api.listEnrolments({ ...course, query: { group: 'none' } })).enrolments).toMatchObject([{ role: 'owner' }]);
    const other = await courseOf('open');
    const foreign = await ada.api.createGroup({ ...other.course, body: { name: 'Foreign' } });
    expect(await refusal(ada.api.setMemberGroup({ ...ofSam, body: { groupId: foreign.id } }))).toMatchObject({ code: 'group.notFound' });
    await ada.api.renameGroup({ params: { courseId, groupId: group.id }, body: { name: 'Wednesday' } });
    expect((await ada.api.listGroups(course)).groups).toEqual([{ id: group.id, name: 'Wednesday' }]);
    await ada.api.deleteGroup({ params: { courseId, groupId: group.id } });
    expect((await ada.api.listEnrolments({ ...course, query: { role: 'student' } })).enrolments).toMatchObject([{ userId: sam.userId, groupId: null }]);
  });
});

describe('a request of somebody who was removed since', () => {
  it('is refused when it is approved, and is gone', async () => {
    const { course, courseId } = await courseOf('request');
    const sam = await person();
    await sam.api.sendRequest({ ...course, body: { note: '' } });
    const [request] = (await ada.api.listRequests(course)).requests;
    await new RemovalStore(site.database).put({ courseId, userId: UserId.parse(sam.userId), byUserId: UserId.parse(ada.userId), removedAt: '2030-01-01T00:00:00.000Z' });
    const approve = () => ada.api.approveRequest({ params: { courseId, requestId: request?.id ?? '' } });
    expect(await refusal(approve())).toMatchObject({ code: 'enrolment.removed' });
    expect((await ada.api.listRequests(course)).requests).toEqual([]);
    expect(await refusal(approve())).toMatchObject({ code: 'admission.notFound' });
  });
});

describe('the people of a course', () => {
  it('are listed by name in pages, searched and filtered, with each person once', async () => {
    const { course } = await courseOf('open');
    const people = [await site.signup('zoe'), await site.signup('Émile'.toLowerCase().normalize('NFD').replace(/[^a-z]/g, '')), await site.signup('max')];
    for (const one of people) await one.api.enrol(course);
    const names: string[] = [];
    for (let cursor: string | undefined | null; cursor !== null; ) {
      const page: Awaited<ReturnType<typeof ada.api.listEnrolments>> = await ada.api.listEnrolments({ ...course, query: { limit: 2, ...(cursor && { cursor }) } });
      expect(page.total).toBe(4);
      names.push(...page.enrolments.map(({ displayName }) => displayName));
      cursor = page.nextCursor;
    }
    expect(names).toEqual(['Ada', 'emile', 'max', 'zoe']);
    expect((await ada.api.listEnrolments({ ...course, query: { search: 'MAX@example' } })).enrolments).toMatchObject([{ displayName: 'max' }]);
    expect((await ada.api.listEnrolments({ ...course, query: { search: 'émi', role: 'student' } })).enrolments).toMatchObject([{ displayName: 'emile' }]);
    const { nextCursor } = await ada.api.listEnrolments({ ...course, query: { limit: 1 } });
    expect(await refusal(ada.api.listEnrolments({ ...course, query: { limit: 1, role: 'student', cursor: nextCursor ?? '' } }))).toMatchObject({ code: 'page.notFound' });
  });

  it('are read a page at a time, also in a large course', async () => {
    const { course, courseId } = await courseOf('open');
    const [accounts, enrolments] = [new AccountStore(site.database), new EnrolmentStore(site.database)];
    for (let index = 0; index < 60; index += 1) {
      const { _id: userId } = await accounts.add({ email: `large${index}@example.org`, displayName: `Large ${String(index).padStart(2, '0')}`, roles: ['student'], passwordHash: '', createdAt: '2030-01-01T00:00:00.000Z' });
      await enrolments.add({ courseId, userId, role: 'student', enrolledAt: '2030-01-01T00:00:00.000Z' });
    }
    const first = await ada.api.listEnrolments({ ...course, query: { limit: 10 } });
    const before = site.database.documentCount;
    const second = await ada.api.listEnrolments({ ...course, query: { limit: 10, cursor: first.nextCursor ?? '' } });
    expect([first.total, second.enrolments[0]?.displayName]).toEqual([61, 'Large 09']);
    // The page, one beyond it, the accounts of the page, the count, and what identifies the caller.
    expect(site.database.documentCount - before).toBeLessThan(61 + 10 + 11 + 20);
    const beforeClassmates = site.database.documentCount;
    await ada.api.listClassmates({ ...course, query: { limit: 10 } });
    expect(site.database.documentCount - beforeClassmates).toBeLessThan(10 + 11 + 20);
  });

  it('are sorted by the new name of a person who has changed it', async () => {
    const { course } = await courseOf('open');
    const [sam, eve] = [await site.signup('sorted-b'), await site.signup('sorted-c')];
    for (const each of [sam, eve]) await each.api.enrol(course);
    const names = async () => (await ada.api.listEnrolments({ ...course, query: { role: 'student' } })).enrolments.map(({ displayName }) => displayName);
    expect(await names()).toEqual(['sorted-b', 'sorted-c']);
    await eve.api.updateProfile({ body: { displayName: 'Sorted-Á' } });
    expect(await names()).toEqual(['Sorted-Á', 'sorted-b']);
  });

  it('are names to one another, without addresses and ids', async () => {
    const { course } = await courseOf('open');
    const [sam, eve] = [await person(), await person()];
    await sam.api.enrol(course);
    await eve.api.enrol(course);
    const first = await eve.api.listClassmates({ ...course, query: { limit: 1 } });
    const all = await eve.api.listClassmates(course);
    expect(all.people.map(({ displayName, role, isYou }) => `${displayName} ${role} ${isYou}`)).toEqual(['Ada owner false', `${sam.account?.displayName} student false`, `${eve.account?.displayName} student true`].sort());
    const answer = JSON.stringify([first, all]) + Buffer.from(first.nextCursor ?? '', 'base64url').toString();
    for (const secret of [sam.userId, 'example.org']) expect(answer).not.toContain(secret);
    const stranger = await person();
    expect(await refusal(stranger.api.listClassmates(course))).toMatchObject({ code: 'access.denied' });
    expect(await refusal(sam.api.listEnrolments(course))).toMatchObject({ code: 'access.denied' });
  });
});
