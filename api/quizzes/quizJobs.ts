import * as z from 'zod';
import type { CourseId } from '#engine/contract';
import { background, jobKind, retryUntilPersisted, toInstant } from '#engine/kernel';
import type { Clock, Database, JobHandler, JobQueue, JobWorker, Logger } from '#engine/kernel';
import { Attempts } from './Attempts.ts';
import { AttemptStore } from './AttemptStore.ts';
import { handInBatch, handInIntervalMs } from './limits.ts';
import { MomentStore } from './MomentStore.ts';
import { QuizStore } from './QuizStore.ts';

const handInJobs = jobKind('quiz.handIn', { data: z.null() });

export interface QuizJobsOptions {
  database: Database;
  jobs: JobQueue;
  clock: Clock;
  logger: Logger;
}

/** Lets the worker hand in attempts whose time is up, and asks for it until the database accepts that. Returns what ends the asking. */
export function startQuizJobs(worker: Pick<JobWorker, 'handle'>, { database, jobs, clock, logger }: QuizJobsOptions): () => void {
  const attempts = new AttemptStore(database);
  const taking = new Attempts({ quizzes: new QuizStore(database), attempts, clock });
  const handler: JobHandler<null> = {
    kind: handInJobs,
    concurrency: 1,
    run: async ({ signal }) => {
      for (const row of await attempts.due(toInstant(clock.nowMs()), handInBatch)) {
        signal.throwIfAborted();
        await taking.settled(row);
      }
    },
  };
  worker.handle(handler);
  const closing = new AbortController();
  const ask = () => jobs.repeat(handInJobs, { key: 'site', data: null, everyMs: handInIntervalMs });
  background('quizHandIn.repeat', retryUntilPersisted(ask, { clock, signal: closing.signal }), logger);
  return () => closing.abort(new Error('the server is stopping'));
}

/** Removes the quizzes of a deleted course. */
export async function forgetQuizzesOf(database: Database, courseId: CourseId): Promise<void> {
  await new MomentStore(database).forgetCourse(courseId);
  await new AttemptStore(database).forgetCourse(courseId);
  await new QuizStore(database).forgetCourse(courseId);
}
