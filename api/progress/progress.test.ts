import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import type { CourseId } from '#engine/contract';
import { LectureId, UserId, VideoId } from '#engine/contract';
import { JobWorker } from '#engine/kernel';
import { silentLogger as logger, until } from '#engine/testing';
import { AttendanceStore, attendanceSummer, handleAttendance, sumWhenEnded, WatchedStore } from './index.ts';
import { attendanceDelayMs, maxWatchedRanges } from '../learningLimits.ts';
import { maxReportedRanges } from '../contract/index.ts';
import { refusal, startSharedTestApi } from '../testing/index.ts';
import type { Browser } from '../testing/index.ts';

const site = await startSharedTestApi();
const ada = await site.firstAccount();
const { registry, jobs, clock, bus, database } = site;
const attendance = { registry, store: new AttendanceStore(database), jobs, clock };
let count = 0;

async function newCourse(students = 1) {
  ada.take(await ada.api.refresh());
  const { id: courseId } = await ada.api.createCourse({ body: { title: 'Optics' } });
  const people: Browser[] = [];
  for (let number = 0; number < students; number += 1) people.push(await (await site.signup(`learner${(count += 1)}`)).join(ada, courseId, 'student'));
  return { courseId, course: { params: { courseId } }, people };
}

/** Holds a lecture of four minutes, which is shorter than the grace period without media. Each person stays for so many of its sixty parts. */
async function hold(courseId: CourseId, stays: readonly (readonly [Browser, number])[], title = 'Waves'): Promise<LectureId> {
  const { id: lectureId } = await ada.api.startLecture({ body: { courseId, title } });
  const present = stays.map(([person, parts]) => ({ ...site.enter(lectureId, person), parts }));
  for (let part = 1; part <= 60; part += 1) {
    clock.advance(4000);
    for (const { lecture, participant, parts } of present) if (parts === part) lecture.leave(participant.id, 'left');
  }
  for (const person of [ada, ...stays.map(([each]) => each)]) person.take(await person.api.refresh());
  await ada.api.endLecture({ params: { lectureId } });
  return lectureId;
}

const sum = (lectureId: LectureId) => attendanceSummer(attendance).run({ data: { lectureId } } as never);

describe('the attendance of a lecture', () => {
  it('is summed by a job when it ends, once its events are stored', async () => {
    const stop = sumWhenEnded({ registry, jobs, logger });
    const worker = new JobWorker({ queue: jobs, bus, clock, logger, maxJobs: 1 });
    worker.handle(attendanceSummer(attendance));
    await worker.start();
    const { courseId, course, people } = await newCourse();
    const [sam] = people;
    if (!sam) throw new Error('there is a student');
    const lectureId = await hold(courseId, [[sam, 45]]);
    expect(await sam.api.getOwnProgress(course)).toMatchObject({ heldCount: 0, lectures: [{ lectureId, presentShare: null, isAttended: false }] });
    await until('the job to be done', async () => {
      clock.advance(attendanceDelayMs);
      return (await attendance.store.heldOf(courseId)).length === 1;
    });
    expect(await sam.api.getOwnProgress(course)).toMatchObject({ heldCount: 1, attendedCount: 1, attendedFrom: 0.5, lectures: [{ presentShare: 0.75, isAttended: true, videoId: null, watchedShare: null }] });
    stop();
    await worker.close();
  });

  it('is summed later when nobody could add the job, and only once', async () => {
    const { courseId, people } = await newCourse();
    const lectureId = await hold(courseId, people.map((person) => [person, 10] as const));
    const worker = new JobWorker({ queue: jobs, bus, clock, logger, maxJobs: 2 });
    const stop = handleAttendance(worker, { registry, database, jobs, clock, logger });
    await worker.start();
    await until('the sweep to find it', async () => (await attendance.store.summed([lectureId])).has(lectureId));
    stop();
    await worker.close();
    await sum(lectureId);
    expect(await attendance.store.ofCourse(courseId, people.map(({ userId }) => userId as never))).toHaveLength(1);
  });

  it('is not summed for a lecture that is live or whose course is gone', async () => {
    const { courseId } = await newCourse();
    const { id } = await ada.api.startLecture({ body: { courseId, title: 'Live' } });
    await sum(id);
    await sum(LectureId.parse('lec_00000000000000000000'));
    expect(await attendance.store.heldOf(courseId)).toEqual([]);
    await ada.api.endLecture({ params: { lectureId: id } });
  });
});

describe('what was watched', () => {
  it('is counted exactly: each second once, from all devices', async () => {
    const { courseId, course, people } = await newCourse();
    const [sam] = people;
    if (!sam) throw new Error('there is a student');
    const lectureId = await hold(courseId, []);
    // A recording of 90 s.
    const { _id } = await site.recordVideo({ courseId, lectureId, title: 'Waves' });
    const videoId = VideoId.parse(_id);
    const save = (...watched: { startSeconds: number; endSeconds: number }[]) => sam.api.saveProgress({ params: { videoId }, body: { positionSeconds: 30, watched } });
    await Promise.all([save({ startSeconds: 0, endSeconds: 30 }), save({ startSeconds: 20, endSeconds: 45 }), save({ startSeconds: 80, endSeconds: 500 })]);
    await save();
    const own = await sam.api.getOwnProgress(course);
    expect(own.lectures).toMatchObject([{ lectureId, videoId }]);
    expect([own.watchedShare, own.lectures[0]?.watchedShare]).toEqual([55 / 90, 55 / 90]);
    expect(await sam.api.getProgress({ params: { videoId } })).toMatchObject({ positionSeconds: 30 });
    expect(await ada.api.getOwnProgress(course)).toMatchObject({ watchedShare: 0 });
  });

  it('is bounded and validated', async () => {
    const { courseId, people } = await newCourse();
    const [sam] = people;
    if (!sam) throw new Error('there is a student');
    const { _id } = await site.recordVideo({ courseId, lectureId: await hold(courseId, []), title: 'Waves' });
    const save = (watched: { startSeconds: number; endSeconds: number }[]) => sam.api.saveProgress({ params: { videoId: VideoId.parse(_id) }, body: { positionSeconds: 1, watched } });
    expect(await refusal(save([{ startSeconds: 5, endSeconds: 5 }]))).toMatchObject({ errors: [{ path: 'watched.0.endSeconds' }] });
    expect(await refusal(save([{ startSeconds: -1, endSeconds: 5 }]))).toMatchObject({ code: 'request.invalid' });
    expect(await refusal(save(Array.from({ length: maxReportedRanges + 1 }, (_, index) => ({ startSeconds: index * 2, endSeconds: index * 2 + 1 }))))).toMatchObject({ code: 'request.invalid' });
    for (let batch = 0; batch < 5; batch += 1) await save(Array.from({ length: maxReportedRanges }, (_, index) => ({ startSeconds: (batch * maxReportedRanges + index) * 2, endSeconds: (batch * maxReportedRanges + index) * 2 + 1 })));
    const rows = await new WatchedStore(database).ofUser(UserId.parse(sam.userId));
    expect(rows[0]?.ranges.length).toBeLessThanOrEqual(maxWatchedRanges);
  });
});

describe('the progress of a course', () => {
  it('is a table of all students in pages, with as many reads for many students as for one', async () => {
    const { courseId, course, people } = await newCourse(3);
    const lectureId = await hold(courseId, people.map((person, index) => [person, [60, 30, 29][index] ?? 0] as const));
    await sum(lectureId);
    const { _id } = await site.recordVideo({ courseId, lectureId, title: 'Waves' });
    await people[0]?.api.saveProgress({ params: { videoId: VideoId.parse(_id) }, body: { positionSeconds: 45, watched: [{ startSeconds: 0, endSeconds: 45 }] } });
    const all = await ada.api.listProgress(course);
    expect(all).toMatchObject({ heldCount: 1, recordedSeconds: 90, nextCursor: null });
    const byId = new Map(all.learners.map((learner) => [learner.userId as string, learner]));
    expect(people.map(({ userId }) => byId.get(userId)?.attendedCount)).toEqual([1, 1, 0]);
    expect(byId.get(people[0]?.userId ?? '')).toMatchObject({ watchedShare: 0.5, lastWatchedAt: expect.any(String) as string, email: expect.stringContaining('learner') as string });
    const first = await ada.api.listProgress({ ...course, query: { limit: 1 } });
    const seen = [...first.learners];
    let reads = 0;
    for (let cursor = first.nextCursor; cursor !== null; ) {
      const before = database.readCount;
      const page = await ada.api.listProgress({ ...course, query: { limit: 1, cursor } });
      reads = database.readCount - before;
      seen.push(...page.learners);
      cursor = page.nextCursor;
    }
    expect(seen.map(({ userId }) => userId)).toEqual(all.learners.map(({ userId }) => userId));
    const before = database.readCount;
    await ada.api.listProgress(course);
    expect(database.readCount - before).toBeLessThanOrEqual(reads);
  });

  it('is a CSV file in which no name and no title is a formula', async () => {
    const { courseId, course, people } = await newCourse(1);
    const [sam] = people;
    if (!sam) throw new Error('there is a student');
    await sam.api.updateProfile({ body: { displayName: '=HYPERLINK("http://evil.example","x")' } });
    await sum(await hold(courseId, [[sam, 60]], '+cmd|calc, "quoted"'));
    const { csv, fileName } = await ada.api.exportProgress(course);
    expect(fileName).toBe('progress.csv');
    const [header, row] = parse(csv, { bom: true });
    expect(header?.[5]).toMatch(/^'\+cmd\|calc, "quoted" \(20/);
    expect(row).toEqual([`'=HYPERLINK("http://evil.example","x")`, expect.stringContaining('@example.org'), '1', '1', '0', '100']);
  });

  it('is for instructors and assistants; students see their own only', async () => {
    const { course, people, courseId } = await newCourse(1);
    const [sam] = people;
    const tom = await (await site.signup(`progress-tom${count}`)).join(ada, courseId, 'assistant');
    expect(await refusal((sam ?? ada).api.listProgress(course))).toMatchObject({ code: 'access.denied' });
    expect(await refusal((sam ?? ada).api.exportProgress(course))).toMatchObject({ code: 'access.denied' });
    expect((await tom.api.listProgress(course)).learners).toHaveLength(1);
    expect(await refusal((await site.signup(`progress-out${count}`)).api.getOwnProgress(course))).toMatchObject({ code: 'access.denied' });
  });
});
