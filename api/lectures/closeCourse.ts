import type { LectureOwners, LectureRegistry } from '#engine';
import { isCoded, LectureId } from '#engine/contract';
import type { CourseId } from '#engine/contract';
import { delay } from '#engine/kernel';
import type { Clock } from '#engine/kernel';
import { startingRetryMs, startingWithinMs } from '../limits.ts';

export interface CloseCourseOptions {
  registry: Pick<LectureRegistry, 'ofCourse' | 'cancel'>;
  owners: Pick<LectureOwners, 'end'>;
  clock: Clock;
  /** Leaves the scheduled lectures: the course may be restored. Default: false. */
  keepsScheduled?: boolean;
}

/**
 * Ends the live lecture of a course, and cancels its scheduled ones. One that cannot be closed does not keep the others from it.
 * @throws the error of the first that could not be closed, after all others are: CodedError `owner.notFound`,
 * `database.unavailable` and the like
 */
export async function closeCourse(courseId: CourseId, options: CloseCourseOptions): Promise<void> {
  const failures: unknown[] = [];
  for (const { _id, state } of await options.registry.ofCourse(courseId)) {
    if (state !== 'ended' && !(state === 'scheduled' && options.keepsScheduled)) await closeLecture(LectureId.parse(_id), options).catch((err: unknown) => failures.push(err));
  }
  if (failures.length > 0) throw failures[0];
}

/** Cancels a scheduled lecture; ends a live one, also one that goes live meanwhile. */
async function closeLecture(lectureId: LectureId, { registry, owners, clock }: CloseCourseOptions): Promise<void> {
  const untilMs = clock.nowMs() + startingWithinMs;
  for (;;) {
    try {
      return await registry.cancel(lectureId);
    } catch (err) {
      if (isCoded(err, 'lecture.notFound')) return;
      if (!isCoded(err, 'lecture.alreadyLive')) throw err;
    }
    try {
      return await owners.end(lectureId, 'removed');
    } catch (err) {
      if (isCoded(err, 'lecture.ended') || isCoded(err, 'lecture.notFound')) return;
      // It is being started. If that fails, it can be cancelled.
      if (!isCoded(err, 'lecture.notLive') || clock.nowMs() >= untilMs) throw err;
    }
    await delay(clock, startingRetryMs);
  }
}
