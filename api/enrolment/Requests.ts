import { removedFromCourse } from '#engine';
import { CodedError, isCoded, UserId } from '#engine/contract';
import type { CourseId } from '#engine/contract';
import { fromInstant, toInstant } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import type { CourseStore } from '../courses/CourseStore.ts';
import { requirePublished } from '../courses/courseTransition.ts';
import type { EnrolmentStore } from '../courses/EnrolmentStore.ts';
import type { RemovalStore } from '../courses/RemovalStore.ts';
import { requestAgainMs } from '../limits.ts';
import type { Admission, Admissions } from './Admissions.ts';
import type { RequestRow, RequestStore } from './RequestStore.ts';

export interface RequestsOptions {
  store: RequestStore;
  courses: CourseStore;
  enrolments: EnrolmentStore;
  removals: RemovalStore;
  admissions: Admissions;
  clock: Clock;
  logger: Logger;
}

/** Requests to join a course, which its owner approves or declines. */
export class Requests {
  readonly #options: RequestsOptions;

  constructor(options: RequestsOptions) {
    this.#options = options;
  }

  /** Sends a request, or changes its note. @throws CodedError `course.closed`, `course.notPublished`, `course.archived`, `enrolment.exists`, `enrolment.removed`, `admission.declined` */
  async send(courseId: CourseId, userId: UserId, note: string): Promise<RequestRow> {
    const { store, courses, enrolments, removals, clock, logger } = this.#options;
    const course = await courses.get(courseId);
    if (await enrolments.find(courseId, userId)) throw new CodedError('enrolment.exists', 'You are already in this course. Reload the page to open it.');
    if (await removals.find(courseId, userId)) throw removedFromCourse();
    requirePublished(course);
    if (course.enrolmentPolicy !== 'request') throw new CodedError('course.closed', 'This course does not take requests. Ask the instructor how to join.');
    const nowMs = clock.nowMs();
    const row = await store.open({ courseId, userId, note, createdAt: toInstant(nowMs) }, toInstant(nowMs - requestAgainMs));
    if (!row) throw await this.#refusal(courseId, userId);
    logger.info({ courseId, userId, requestId: row._id }, 'enrolment.requested');
    return row;
  }

  /** @throws CodedError `admission.notFound` for one that was decided */
  async withdraw(courseId: CourseId, userId: UserId): Promise<void> {
    if (!(await this.#options.store.withdraw(courseId, userId))) throw decided();
  }

  /** Enrols the person, or puts them on the waiting list of a full course. @throws CodedError `admission.notFound`, `enrolment.removed` */
  async approve(courseId: CourseId, requestId: string, byUserId: UserId): Promise<Admission & { userId: UserId }> {
    const { store, admissions, clock, logger } = this.#options;
    const row = await store.decide(courseId, requestId, { state: 'approved', decidedAt: toInstant(clock.nowMs()) });
    if (!row) throw decided();
    const userId = UserId.parse(row.userId);
    const admission = await admissions.admit({ courseId, userId, role: 'student' }).catch(async (err: unknown) => {
      if (!isCoded(err, 'enrolment.removed')) throw err;
      // Nobody could decide it any more.
      await store.remove(requestId);
      throw new CodedError('enrolment.removed', 'This person was removed from the course since the request was sent. Let the person back in under “Removed”.', { cause: err });
    });
    await store.remove(requestId);
    logger.info({ courseId, userId, byUserId, outcome: admission.outcome }, 'enrolment.approved');
    return { ...admission, userId };
  }

  /** @throws CodedError `admission.notFound` */
  async decline(courseId: CourseId, requestId: string, byUserId: UserId): Promise<void> {
    const { store, clock, logger } = this.#options;
    const row = await store.decide(courseId, requestId, { state: 'declined', decidedAt: toInstant(clock.nowMs()) });
    if (!row) throw decided();
    logger.info({ courseId, userId: row.userId, byUserId }, 'enrolment.declined');
  }

  /** When a declined person may ask again; null for anyone else. */
  mayAskAgainAt(row: RequestRow | undefined): string | null {
    if (row?.state !== 'declined' || row.decidedAt === null) return null;
    return toInstant(fromInstant(row.decidedAt) + requestAgainMs);
  }

  async #refusal(courseId: CourseId, userId: UserId): Promise<CodedError> {
    const row = await this.#options.store.find(courseId, userId);
    if (row?.state === 'approved') return new CodedError('enrolment.exists', 'Your request was approved. Reload the page.');
    return new CodedError('admission.declined', 'Your request was declined. You can send another one after a day.');
  }
}

function decided(): CodedError {
  return new CodedError('admission.notFound', 'This request was already decided or withdrawn. Reload the page.');
}
