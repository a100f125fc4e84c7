import sharp from 'sharp';
import { AuditStore } from '../audit/index.ts';
import { describe, expect, it } from 'vitest';
import { AccessPolicy } from '#engine';
import { CourseId, UserId } from '#engine/contract';
import { JobWorker, newId } from '#engine/kernel';
import type { StoredDocument } from '#engine/kernel';
import { silentLogger, until } from '#engine/testing';
import { courseTrashDays } from '../contract/index.ts';
import { openCourseErasure, openCourseRoles } from '../index.ts';
import { closeCourse } from '../lectures/closeCourse.ts';
import { cleanUp } from '../operation/cleanUp.ts';
import { refusal, startSharedTestApi, startTestApi } from '../testing/index.ts';
import type { Browser } from '../testing/index.ts';

const site = await startSharedTestApi();
const ada = await site.firstAccount();
const dayMs = 24 * 3600_000;
let count = 0;

async function course(form: Partial<Parameters<Browser['api']['createCourse']>[0]['body']> = {}) {
  const { id: courseId } = await ada.api.createCourse({ body: { title: 'Optics', enrolmentPolicy: 'open', ...form } });
  return { params: { courseId } };
}

async function person(): Promise<Browser> {
  return site.signup(`life${(count += 1)}`);
}

const idsOf = ({ courses }: { courses: readonly { id: string }[] }) => courses.map(({ id }) => id);

describe('a draft', () => {
  it('is prepared by owner and assistants, and neither seen nor entered by anyone else', async () => {
    const draft = await course({ state: 'draft' });
    const { courseId } = draft.params;
    const [assistant, student, stranger] = [await (await person()).join(ada, courseId, 'assistant'), await (await person()).join(ada, courseId, 'student'), await person()];
    expect(await assistant.api.getCourse(draft)).toMatchObject({ state: 'draft', role: 'assistant' });
    expect(await assistant.api.scheduleLecture({ ...draft, body: { title: 'Waves' } })).toMatchObject({ title: 'Waves' });
    for (const refused of [student.api.getCourse(draft), student.api.listLectures(draft)]) expect(await refusal(refused)).toMatchObject({ code: 'course.notPublished', status: 403 });
    expect(await refusal(stranger.api.getCourse(draft))).toMatchObject({ code: 'access.denied' });
    expect(await refusal(stranger.api.enrol(draft))).toMatchObject({ code: 'course.notPublished' });
    expect(idsOf(await student.api.listCourses())).toEqual([]);
    expect(idsOf(await stranger.api.listCatalogue())).not.toContain(courseId);
    expect(idsOf(await ada.api.listCatalogue())).toContain(courseId);
    expect(await site.api.courseRoles.roleOf(UserId.parse(student.userId), CourseId.parse(courseId))).toBeUndefined();
    expect(await ada.api.publishCourse(draft)).toMatchObject({ state: 'published' });
    expect(await student.api.getCourse(draft)).toMatchObject({ role: 'student' });
    expect(await stranger.api.enrol(draft)).toMatchObject({ role: 'student' });
    expect(await ada.api.unpublishCourse(draft)).toMatchObject({ state: 'draft' });
    expect(await refusal(student.api.getCourse(draft))).toMatchObject({ code: 'course.notPublished' });
  });

  it('cannot be joined with its code', async () => {
    const draft = await course({ state: 'draft', enrolmentPolicy: 'code' });
    const { enrolmentCode } = await ada.api.getCourse(draft);
    const code = enrolmentCode ?? '';
    const sam = await person();
    expect(await refusal(sam.api.enrolByCode({ body: { code } }))).toMatchObject({ code: 'course.codeWrong' });
    await ada.api.publishCourse(draft);
    expect(await sam.api.enrolByCode({ body: { code } })).toMatchObject({ role: 'student' });
  });
});

describe('an archived course', () => {
  it('is seen by its members, who can replay, and in which nothing starts or changes', async () => {
    const archived = await course();
    const { courseId } = archived.params;
    const [sam, stranger] = [await (await person()).join(ada, courseId, 'student'), await person()];
    const planned = await ada.api.scheduleLecture({ ...archived, body: { title: 'Waves', scheduledAt: new Date(site.clock.nowMs() + dayMs).toISOString() } });
    const { streamKey } = await ada.api.issueStreamKey(archived);
    const { id: lectureId } = await ada.api.startLecture({ body: { courseId, title: 'Recorded' } });
    for (const step of [ada.api.archiveCourse, ada.api.unpublishCourse]) expect(await refusal(step(archived))).toMatchObject({ code: 'lecture.alreadyLive', details: { lectureId } });
    await ada.api.endLecture({ params: { lectureId } });
    expect(await ada.api.archiveCourse(archived)).toMatchObject({ state: 'archived', role: 'owner' });
    expect(await sam.api.getLecture({ params: { lectureId } })).toMatchObject({ title: 'Recorded', state: 'ended' });
    expect((await sam.api.listLectures(archived)).lectures).toHaveLength(2);
    const attempts = [
      () => ada.api.startLecture({ body: { courseId, title: 'Again' } }),
      () => ada.api.startLecture({ body: { lectureId: planned.id } }),
      () => ada.api.scheduleLecture({ ...archived, body: { title: 'Again' } }),
      () => ada.api.updateCourse({ ...archived, body: { title: 'Changed' } }),
      () => ada.api.issueStreamKey(archived),
      () => ada.api.createInvitation({ ...archived, body: { role: 'student' } }),
      () => ada.api.publishCourse(archived),
    ];
    for (const attempt of attempts) expect(await refusal(attempt())).toMatchObject({ code: 'course.archived', status: 409 });
    expect(await refusal(stranger.api.enrol(archived))).toMatchObject({ code: 'course.archived' });
    expect(await refusal(stranger.api.getCourse(archived))).toMatchObject({ code: 'access.denied' });
    expect(idsOf(await stranger.api.listCatalogue())).not.toContain(courseId);
    expect((await sam.api.getHome()).next).toEqual([]);
    expect(await site.streamKeys.resolve(streamKey)).toBeUndefined();
    expect(await refusal(sam.api.unarchiveCourse(archived))).toMatchObject({ code: 'access.denied' });
    await ada.api.unarchiveCourse(archived);
    expect((await sam.api.getHome()).next).toMatchObject([{ id: planned.id }]);
  });

  it('was published before: a draft is not archived', async () => {
    expect(await refusal(ada.api.archiveCourse(await course({ state: 'draft' })))).toMatchObject({ code: 'course.notPublished' });
  });
});

describe('a deleted course', () => {
  it('ends its live lecture at once, is seen by nobody, and is as it was when it is restored', async () => {
    const deleted = await course({ enrolmentPolicy: 'code' });
    const { courseId } = deleted.params;
    const [sam, assistant] = [await (await person()).join(ada, courseId, 'student'), await (await person()).join(ada, courseId, 'assistant')];
    const { enrolmentCode } = await ada.api.getCourse(deleted);
    const planned = await ada.api.scheduleLecture({ ...deleted, body: { title: 'Waves', scheduledAt: new Date(site.clock.nowMs() + dayMs).toISOString() } });
    const { id: lectureId } = await ada.api.startLecture({ body: { courseId, title: 'Live' } });
    const { lecture } = site.enter(lectureId, sam);
    expect(await refusal(assistant.api.deleteCourse(deleted))).toMatchObject({ code: 'access.denied' });
    await ada.api.deleteCourse(deleted);
    expect(lecture.view.state).toBe('ended');
    for (const who of [ada, sam, assistant]) {
      expect(idsOf(await who.api.listCourses())).not.toContain(courseId);
      expect(await refusal(who.api.getCourse(deleted))).toMatchObject({ code: 'course.notFound' });
      expect(await refusal(who.api.getLecture({ params: { lectureId } }))).toMatchObject({ code: 'course.notFound' });
    }
    expect(idsOf(await ada.api.listCatalogue())).not.toContain(courseId);
    expect(await refusal(sam.api.enrolByCode({ body: { code: enrolmentCode ?? '' } }))).toMatchObject({ code: 'course.codeWrong' });
    const policy = new AccessPolicy({ courseRoles: openCourseRoles(site.database), lectures: site.registry });
    expect(await policy.mayWatchVideo(UserId.parse(sam.userId), { courseId: CourseId.parse(courseId), lectureId: lecture.id, hidden: null })).toBe(false);
    for (const who of [sam, assistant]) expect(await refusal(who.api.restoreCourse(deleted))).toMatchObject({ code: 'access.denied' });
    await ada.api.restoreCourse(deleted);
    expect(await sam.api.getCourse(deleted)).toMatchObject({ role: 'student', nextLecture: { id: planned.id } });
    expect(await sam.api.getLecture({ params: { lectureId } })).toMatchObject({ state: 'ended' });
    expect(await ada.api.getCourse(deleted)).toMatchObject({ enrolmentCode, enrolmentCount: 3 });
  });

  it('is in the trash of its owner and of administrators, who restore it', async () => {
    const ina = await person();
    await ada.api.setUserRoles({ params: { userId: ina.userId }, body: { roles: ['instructor'] } });
    const { id: courseId } = await ina.api.createCourse({ body: { title: 'Thermodynamics' } });
    const theirs = { params: { courseId } };
    await ina.api.deleteCourse(theirs);
    const restorableUntil = new Date(site.clock.nowMs() + courseTrashDays * dayMs).toISOString();
    for (const who of [ina, ada]) expect((await who.api.listDeletedCourses()).courses.find(({ id }) => id === courseId)).toMatchObject({ title: 'Thermodynamics', ownerName: ina.account?.displayName, restorableUntil });
    expect((await (await person()).api.listDeletedCourses()).courses).toEqual([]);
    await ada.api.restoreCourse(theirs);
    expect(await ina.api.getCourse(theirs)).toMatchObject({ role: 'owner' });
    expect(idsOf(await ina.api.listDeletedCourses())).toEqual([]);
  });
});

describe('after the days in which it can be restored, a deleted course', () => {
  it('is removed by a job with everything but the lectures that took place', async () => {
    const own = await startTestApi();
    const owner = await own.firstAccount();
    const { id: courseId } = await owner.api.createCourse({ body: { title: 'Optics', tags: ['light'] } });
    const gone = { params: { courseId } };
    const sam = await (await own.signup('sam')).join(owner, courseId, 'student');
    const kept = (await owner.api.createCourse({ body: { title: 'Acoustics' } })).id;
    await owner.api.removeEnrolment({ params: { courseId, userId: sam.userId } });
    await owner.api.createInvitation({ ...gone, body: { role: 'student' } });
    await owner.api.scheduleLecture({ ...gone, body: { title: 'Waves', scheduledAt: new Date(own.clock.nowMs() + dayMs).toISOString() } });
    const { id: cancelledId } = await owner.api.scheduleLecture({ ...gone, body: { title: 'Cancelled', scheduledAt: new Date(own.clock.nowMs() + 2 * dayMs).toISOString() } });
    await owner.api.deleteLecture({ params: { lectureId: cancelledId } });
    const { webhook } = await owner.api.createCourseWebhook({ ...gone, body: { url: 'https://hooks.example.org/', events: ['lecture.ended'] } });
    await owner.api.testCourseWebhook({ params: { courseId, webhookId: webhook.id } });
    const { id: lectureId } = await owner.api.startLecture({ body: { courseId, title: 'Took place' } });
    await owner.api.endLecture({ params: { lectureId } });
    const { coverId } = await owner.api.setCourseCover({ ...gone, body: new Uint8Array(await sharp({ create: { width: 16, height: 9, channels: 3, background: 'teal' } }).png().toBuffer()) });
    await own.collection<StoredDocument>('uploads').insertOne({ _id: newId('upl'), courseId, state: 'receiving', expiresAt: '2100-01-01T00:00:00.000Z' } as StoredDocument);
    await owner.api.deleteCourse(gone);
    const directory = { closeCourse: (id: CourseId) => closeCourse(id, { registry: own.registry, owners: own.registry, clock: own.clock }) };
    const options = { ...own, directory, files: own.store, logger: silentLogger };
    const courses = openCourseErasure(options);
    const sweep = cleanUp({ ...options, courses, audit: new AuditStore(own.database) });
    const call = { jobId: 'x', key: 'site', data: null, attempt: 1, fence: 1, signal: new AbortController().signal, progress: () => undefined };
    own.clock.advance(courseTrashDays * dayMs - 1000);
    await sweep.run(call);
    expect(await own.jobs.claim([courses.handler().kind], 'worker')).toBeUndefined();
    own.clock.advance(120_000);
    owner.take(await owner.api.login({ body: { email: 'ada@example.org', password: 'ada-password' } }));
    expect(await refusal(owner.api.restoreCourse(gone))).toMatchObject({ code: 'course.notFound' });
    await sweep.run(call);
    await sweep.run(call);
    const worker = new JobWorker({ queue: own.jobs, bus: own.bus, clock: own.clock, logger: silentLogger, maxJobs: 1 });
    worker.handle(courses.handler());
    await worker.start();
    await until('the end of the removal', async () => (await owner.api.listJobs({ query: { state: 'done' } })).jobs.some(({ kind }) => kind === 'course.erase'));
    await worker.close();
    const left = (await own.database.allDocuments()).filter(({ document }) => JSON.stringify(document).includes(courseId));
    expect(new Set(left.map(({ collection }) => collection))).toEqual(new Set(['audit', 'jobs', 'lectures']));
    expect(left.filter(({ collection }) => collection === 'lectures').map(({ document }) => document._id)).toEqual([lectureId]);
    expect(await refusal(owner.api.getImage({ params: { imageId: coverId ?? '', size: 'small' } }))).toMatchObject({ code: 'image.notFound' });
    expect(await owner.api.getCourse({ params: { courseId: kept } })).toMatchObject({ title: 'Acoustics' });
  });
});
