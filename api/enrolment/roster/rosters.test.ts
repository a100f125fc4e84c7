import { describe, expect, it, onTestFinished } from 'vitest';
import { CourseId, UserId } from '#engine/contract';
import { JobWorker } from '#engine/kernel';
import { silentLogger as logger, until } from '#engine/testing';
import { AccountStore } from '../../accounts/AccountStore.ts';
import { openCourseErasure } from '../../index.ts';
import { rosterPreviewMs } from '../../limits.ts';
import { refusal, startTestApi } from '../../testing/index.ts';
import type { Browser, TestApi, TestApiOptions } from '../../testing/index.ts';
import { createEnrolment } from '../createEnrolment.ts';
import { startEnrolmentJobs } from '../enrolmentJobs.ts';
import { importRosters } from './importRoster.ts';

async function openSite({ withWorker = true, ...options }: TestApiOptions & { withWorker?: boolean } = {}) {
  const site = await startTestApi(options);
  const ada = await site.firstAccount();
  const { id: courseId } = await ada.api.createCourse({ body: { title: 'Physics', enrolmentPolicy: 'closed' } });
  const course = { params: { courseId } };
  if (withWorker) await startWorker(site);
  const accounts = new AccountStore(site.database);
  const verify = async (who: Browser) => {
    const verified: object = { emailVerifiedAt: '2026-01-01T00:00:00.000Z' };
    await accounts.update(UserId.parse(who.userId), verified);
  };
  const person = async (name: string) => {
    const who = await site.signup(name);
    await verify(who);
    return who;
  };
  const upload = (text: string | Uint8Array<ArrayBuffer>) => ada.api.previewRoster({ ...course, body: typeof text === 'string' ? new TextEncoder().encode(text) : text });
  const applied = async (importId: string) => {
    const params = { courseId, importId };
    await ada.api.applyRoster({ params });
    return until('the list to be applied', async () => {
      const roster = await ada.api.getRoster({ params });
      return roster.state === 'applied' && roster;
    });
  };
  return { site, ada, courseId, course, verify, person, upload, applied };
}

async function startWorker({ database, jobs, bus, clock }: TestApi): Promise<void> {
  const worker = new JobWorker({ queue: jobs, bus, clock, logger, maxJobs: 2 });
  onTestFinished(startEnrolmentJobs(worker, { database, jobs, clock, logger }));
  await worker.start();
  onTestFinished(() => worker.close());
}

describe('A list of people', () => {
  it('says what it would do before anything happens, and then does that once', async () => {
    const { ada, course, courseId, person, upload, applied } = await openSite();
    const [sam, mia] = [await person('sam'), await person('mia')];
    await mia.join(ada, courseId, 'student');
    const preview = await upload('email;role;group\nsam@example.org;tutor;Di\nmia@example.org;;Di\nnew@example.org;;Mi\nbroken;;\nSAM@example.org;;\n');
    expect(preview).toMatchObject({ state: 'previewed', separator: ';', planned: { add: 1, member: 1, invite: 1, problems: 2 }, newGroups: ['Di', 'Mi'], progress: { done: 0, total: 3 } });
    expect(preview.problems.map(({ line, problem }) => `${line} ${problem}`)).toEqual(['5 emailInvalid', '6 emailRepeated']);
    expect((await ada.api.listEnrolments(course)).total, 'nothing has happened').toBe(2);
    expect((await ada.api.listGroups(course)).groups).toEqual([]);
    const result = await applied(preview.id);
    expect(result).toMatchObject({ result: { added: 1, alreadyIn: 1, invited: 1, waiting: 0, problems: 2 }, progress: { done: 3, total: 3 } });
    expect(await applied(preview.id), 'applied again').toEqual(result);
    const { enrolments } = await ada.api.listEnrolments(course);
    const [di] = (await ada.api.listGroups(course)).groups;
    expect(enrolments.map(({ displayName, role, groupId }) => [displayName, role, groupId])).toEqual([['Ada', 'owner', null], ['mia', 'student', di?.id], ['sam', 'assistant', di?.id]]);
    expect(await sam.api.getCourse(course)).toMatchObject({ role: 'assistant' });
    expect((await ada.api.listPending(course)).people).toMatchObject([{ email: 'new@example.org', role: 'student' }]);
  });

  it('enrols hundreds of people, with errors among them, and puts those beyond the capacity on the waiting list in its order', async () => {
    const { site, ada, course, courseId, upload, applied } = await openSite();
    const accounts = new AccountStore(site.database);
    const rows = Array.from({ length: 400 }, (_, index) => ({ email: `p${String(index).padStart(4, '0')}@example.org`, displayName: `P ${index}`, roles: ['student' as const], passwordHash: '', createdAt: '2026-01-01T00:00:00.000Z', emailVerifiedAt: '2026-01-01T00:00:00.000Z' }));
    await Promise.all(rows.filter((_, index) => index % 2 === 0).map((row) => accounts.add(row)));
    await ada.api.updateAdmission({ ...course, body: { capacity: 190 } });
    const lines = rows.map(({ email }, index) => (index % 100 === 99 ? `p${index} at example.org,,` : `${email},,`));
    const preview = await upload(['email,name,role', ...lines].join('\n'));
    expect(preview).toMatchObject({ planned: { add: 200, invite: 196, member: 0, problems: 4 }, freeSeats: 190 });
    expect(await applied(preview.id)).toMatchObject({ result: { added: 190, waiting: 10, invited: 196, alreadyIn: 0, problems: 4 } });
    const names = (await ada.api.listWaiting(course)).people.map(({ displayName }) => displayName);
    expect(names).toEqual(rows.filter((_, index) => index % 2 === 0).slice(190).map(({ displayName }) => displayName));
    expect(await ada.api.getAdmission(course)).toMatchObject({ studentCount: 190, waitingCount: 10, pendingCount: 196 });
    expect((await ada.api.listEnrolments({ params: { courseId }, query: { limit: 200 } })).total).toBe(191);
  });

  it('counts the people whom a worker that died had enrolled as added, and enrols nobody twice', async () => {
    const { site, ada, course, person, upload, applied } = await openSite({ withWorker: false });
    for (const name of ['sam', 'mia', 'tom']) await person(name);
    const { id: importId } = await upload('email\nsam@example.org\nmia@example.org\ntom@example.org');
    const { database, clock } = site;
    const enrolment = createEnrolment({ database, jobs: site.jobs, clock, logger });
    const dying = importRosters({ ...enrolment, logger, rosters: Object.assign(Object.create(enrolment.rosterStore) as typeof enrolment.rosterStore, { find: (id: string) => enrolment.rosterStore.find(id), batch: (id: string, start: number) => enrolment.rosterStore.batch(id, start), advance: () => Promise.reject(new Error('killed')) }) });
    const job = { jobId: 'job', key: importId, data: { importId }, attempt: 1, fence: 1, signal: new AbortController().signal, progress: () => undefined };
    await expect(dying.run(job)).rejects.toThrow('killed');
    expect((await ada.api.listEnrolments(course)).total).toBe(4);
    await startWorker(site);
    expect(await applied(importId)).toMatchObject({ result: { added: 3, alreadyIn: 0 } });
    expect((await ada.api.listEnrolments(course)).total).toBe(4);
  });

  it('lets a person in who was left out by an error: at the next sign-in, or by the job that fills seats', async () => {
    let isRefused = false;
    const { site, ada, course, upload, applied } = await openSite({ isWriteRefused: ({ collection }) => isRefused && collection === 'enrolments' });
    const people = [await site.signup('unlucky'), await site.signup('luckless')];
    await site.runJobs();
    const tokens = ['unlucky', 'luckless'].map((name) => site.mailbox.tokenFor(`${name}@example.org`));
    await applied((await upload('email\nunlucky@example.org\nluckless@example.org')).id);
    isRefused = true;
    for (const token of tokens) await site.browser().api.verifyEmail({ body: { token } });
    expect((await ada.api.listPending(course)).people).toHaveLength(2);
    isRefused = false;
    await site.browser().api.login({ body: { email: 'unlucky@example.org', password: 'unlucky-password' } });
    expect((await ada.api.listPending(course)).people).toMatchObject([{ email: 'luckless@example.org' }]);
    await createEnrolment({ database: site.database, jobs: site.jobs, clock: site.clock, logger }).pending.claimEverywhere();
    expect((await ada.api.listPending(course)).people).toEqual([]);
    for (const each of people) expect(await each.api.getCourse(course)).toMatchObject({ role: 'student' });
  });

  it('admits nobody by an address that the account has not verified, and enrols the person when it has', async () => {
    const { site, ada, course, courseId, verify, upload, applied } = await openSite();
    const mallory = await site.signup('victim');
    await applied((await upload('email,role,group\nvictim@example.org,assistant,Mi\nlater@example.org,,')).id);
    expect(await refusal(mallory.api.getCourse(course))).toMatchObject({ code: 'access.denied' });
    expect((await ada.api.listPending(course)).people).toHaveLength(2);
    const { pending } = createEnrolment({ database: site.database, jobs: site.jobs, clock: site.clock, logger });
    const later = await site.signup('later');
    await pending.claim(UserId.parse(later.userId));
    expect((await ada.api.listPending(course)).people).toHaveLength(2);
    await verify(mallory);
    for (let time = 0; time < 2; time += 1) await pending.claim(UserId.parse(mallory.userId));
    expect(await mallory.api.getCourse(course)).toMatchObject({ role: 'assistant' });
    expect((await ada.api.listPending({ params: { courseId } })).people).toMatchObject([{ email: 'later@example.org' }]);
  });

  it('brings nobody back who was removed', async () => {
    const { ada, courseId, person, upload, applied } = await openSite();
    const sam = await (await person('sam')).join(ada, courseId, 'student');
    const before = await upload('email\nsam@example.org');
    await ada.api.removeEnrolment({ params: { courseId, userId: sam.userId } });
    expect((await upload('email\nsam@example.org')).problems).toMatchObject([{ line: 2, problem: 'removed' }]);
    expect(await applied(before.id)).toMatchObject({ result: { added: 0, problems: 1 }, problems: [{ line: 2, problem: 'removed', text: 'sam@example.org' }] });
  });

  it('is refused where it is too large, unreadable, of another course, too old, or from somebody else, and nothing changes', async () => {
    const { site, ada, course, courseId, person, upload } = await openSite();
    const sam = await (await person('sam')).join(ada, courseId, 'assistant');
    const body = new TextEncoder().encode('email\nx@example.org');
    expect(await refusal(sam.api.previewRoster({ ...course, body }))).toMatchObject({ code: 'access.denied' });
    expect(await refusal(upload(new Uint8Array(1024 * 1024 + 1)))).toMatchObject({ code: 'request.tooLarge', status: 413 });
    expect(await refusal(upload(new Uint8Array([0x50, 0x4b, 3, 4])))).toMatchObject({ code: 'roster.unreadable', status: 422 });
    const { id: otherId } = await ada.api.createCourse({ body: { title: 'Chemistry' } });
    const { id: importId } = await upload('email\nx@example.org');
    expect(await refusal(ada.api.applyRoster({ params: { courseId: otherId, importId } }))).toMatchObject({ code: 'roster.notFound', status: 404 });
    site.clock.advance(rosterPreviewMs + 1);
    ada.take(await ada.api.refresh());
    expect(await refusal(ada.api.applyRoster({ params: { courseId, importId } }))).toMatchObject({ code: 'roster.notFound' });
    expect((await ada.api.getAdmission(course)).pendingCount).toBe(0);
  });

  it('goes with its course', async () => {
    const { site, ada, course, courseId, upload, applied } = await openSite();
    await applied((await upload('email,group\nx@example.org,Di')).id);
    await ada.api.deleteCourse(course);
    const { database, jobs, clock } = site;
    const erasure = openCourseErasure({ database, jobs, clock, logger, files: site.store, directory: { closeCourse: () => Promise.resolve() } }).handler();
    await erasure.run({ jobId: 'job', key: courseId, data: { courseId: CourseId.parse(courseId) }, attempt: 1, fence: 1, signal: new AbortController().signal, progress: () => undefined });
    const { pendingStore, groups } = createEnrolment({ database, jobs, clock, logger });
    expect(await pendingStore.count(CourseId.parse(courseId))).toBe(0);
    expect(await groups.ofCourse(CourseId.parse(courseId))).toEqual([]);
  });
});

it('The members of a course are exported as CSV, with formulas as text', async () => {
  const { site, ada, course, courseId } = await openSite();
  const eve = site.browser();
  eve.take(await eve.api.signup({ body: { email: 'eve@example.org', displayName: '=HYPERLINK("http://x","y")', password: 'eve-password-1' } }));
  await eve.join(ada, courseId, 'student');
  const group = await ada.api.createGroup({ ...course, body: { name: '@Di, "A"' } });
  await ada.api.setMemberGroup({ params: { courseId, userId: eve.userId }, body: { groupId: group.id } });
  const bytes = new Uint8Array(await (await ada.api.exportEnrolments(course)).arrayBuffer());
  expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  const [titles, first, ...rest] = new TextDecoder().decode(bytes).split('\r\n');
  expect(titles).toBe('"name","email","role","group","enrolledAt"');
  expect(first).toMatch(/^"'=HYPERLINK\(""http:\/\/x"",""y""\)","eve@example\.org","student","'@Di, ""A""","\d{4}-/);
  expect(rest[0]).toMatch(/^"Ada","ada@example\.org","owner","",/);
  expect(await refusal(eve.api.exportEnrolments(course))).toMatchObject({ code: 'access.denied' });
});
