import * as z from 'zod';
import type { LecturePlans, LectureRegistry } from '#engine';
import { isCoded, LectureId } from '#engine/contract';
import { background, jobKind, retryUntilPersisted, toInstant } from '#engine/kernel';
import type { Clock, Database, JobHandler, JobQueue, JobWorker, Logger } from '#engine/kernel';
import { attendanceDelayMs, attendanceSweepMs, attendanceSweepSize, attendanceWindowMs } from '../learningLimits.ts';
import { AttendanceStore } from './AttendanceStore.ts';
import { sumPresence } from './sumPresence.ts';

const presenceEvents = ['lecture.started', 'lecture.ended', 'participant.joined', 'participant.left'] as const;

/** Sums up who was present in a lecture that has ended. */
export const attendanceJobs = jobKind<{ lectureId: string }>('lecture.attendance', { data: z.object({ lectureId: LectureId }) });

/** Adds the jobs of lectures that ended while no process could add them. */
const attendanceSweepJobs = jobKind('site.attendance', { data: z.null() });

export interface AttendanceJobsOptions {
  registry: Pick<LectureRegistry, 'get'> & { plans: LecturePlans };
  store: AttendanceStore;
  jobs: JobQueue;
  clock: Clock;
}

export function attendanceSummer({ registry, store, clock }: Omit<AttendanceJobsOptions, 'jobs'>): JobHandler<{ lectureId: string }> {
  return {
    kind: attendanceJobs,
    concurrency: 1,
    run: async ({ data }) => {
      const lectureId = LectureId.parse(data.lectureId);
      const lecture = await registry.get(lectureId).catch((err: unknown) => {
        // Its course was deleted.
        if (isCoded(err, 'lecture.notFound')) return undefined;
        throw err;
      });
      if (lecture?.state !== 'ended') return;
      const [events, sealedAtMs] = await Promise.all([registry.plans.events(lectureId, presenceEvents), registry.plans.sealTimes(lectureId)]);
      await store.put({ lectureId, courseId: lecture.courseId }, sumPresence(events, sealedAtMs), toInstant(clock.nowMs()));
    },
  };
}

function attendanceSweeper({ registry, store, jobs, clock }: AttendanceJobsOptions): JobHandler<null> {
  return {
    kind: attendanceSweepJobs,
    concurrency: 1,
    run: async () => {
      const ended = await registry.plans.endedSince(toInstant(clock.nowMs() - attendanceWindowMs), attendanceSweepSize);
      const ids = ended.map(({ _id }) => LectureId.parse(_id));
      const summed = await store.summed(ids);
      for (const lectureId of ids.filter((id) => !summed.has(id))) await jobs.add(attendanceJobs, { key: lectureId, data: { lectureId } });
    },
  };
}

/** Adds a job when a lecture of this process ends, after its last events are stored. */
export function sumWhenEnded({ registry, jobs, logger }: { registry: LectureRegistry; jobs: JobQueue; logger: Logger }): () => void {
  return registry.onLive((lecture) => {
    lecture.onNotification(({ type }) => {
      if (type === 'lecture.ended') background('attendance.add', jobs.add(attendanceJobs, { key: lecture.id, data: { lectureId: lecture.id }, delayMs: attendanceDelayMs }), logger);
    });
  });
}

/**
 * Lets a worker sum attendance, and asks for the sweep until the database accepts that. Returns what ends the asking. Call it before
 * the worker starts.
 */
export function handleAttendance(worker: JobWorker, { database, logger, ...options }: Omit<AttendanceJobsOptions, 'store'> & { database: Database; logger: Logger }): () => void {
  const { jobs, clock } = options;
  const store = new AttendanceStore(database);
  worker.handle(attendanceSummer({ ...options, store }));
  worker.handle(attendanceSweeper({ ...options, store }));
  const closing = new AbortController();
  const ask = async () => jobs.repeat(attendanceSweepJobs, { key: 'site', data: null, everyMs: attendanceSweepMs });
  background('attendance.repeat', retryUntilPersisted(ask, { clock, signal: closing.signal }), logger);
  return () => closing.abort(new Error('the server is stopping'));
}
