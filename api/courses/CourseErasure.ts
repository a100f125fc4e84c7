import * as z from 'zod';
import { CourseId } from '#engine/contract';
import { jobKind, toInstant } from '#engine/kernel';
import type { Clock, JobHandler, JobQueue, Logger } from '#engine/kernel';
import { clockDifferenceMs, courseTrashMs } from '../limits.ts';
import type { CourseStore } from './CourseStore.ts';

/** Removes for good a course that has been in the trash for too long. */
export const courseErasures = jobKind('course.erase', { data: z.object({ courseId: CourseId }) });

/** Removes what a store holds of one course. Called again after a failure, so it is idempotent. */
export type RemoveOfCourse = (courseId: CourseId) => Promise<void>;

export interface CourseErasureOptions {
  store: CourseStore;
  /**
   * What is removed with a course, in this order. Lectures that took place are not among it: they stay without their videos, and nobody
   * can open them.
   */
  removals: readonly RemoveOfCourse[];
  jobs: JobQueue;
  clock: Clock;
  logger: Logger;
}

/** Removes deleted courses when they can no longer be restored. */
export class CourseErasure {
  readonly #options: CourseErasureOptions;

  constructor(options: CourseErasureOptions) {
    this.#options = options;
  }

  /** Adds a job for every course whose time is over, with a margin for the clocks of other processes, which may still restore it. */
  async request(): Promise<void> {
    const { store, jobs, clock } = this.#options;
    const due = await store.deletedBefore(toInstant(clock.nowMs() - courseTrashMs - clockDifferenceMs));
    for (const { _id } of due) await jobs.add(courseErasures, { key: _id, data: { courseId: CourseId.parse(_id) } });
  }

  handler(): JobHandler<{ courseId: CourseId }> {
    return {
      kind: courseErasures,
      concurrency: 1,
      run: async ({ data: { courseId } }) => {
        // Another run may have been quicker. The course goes last, so that a removal that failed can be repeated.
        const course = await this.#options.store.find(courseId);
        if (course && course.deletedAt !== null) await this.#erase(courseId);
      },
    };
  }

  async #erase(courseId: CourseId): Promise<void> {
    const { store, removals, logger } = this.#options;
    for (const removeOf of removals) await removeOf(courseId);
    await store.remove(courseId);
    logger.info({ courseId }, 'course.erased');
  }
}
