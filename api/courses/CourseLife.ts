import { isOnAir } from '#engine';
import { CodedError } from '#engine/contract';
import type { CourseId, UserId } from '#engine/contract';
import { toInstant } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import type { Caller } from '../access/index.ts';
import type { Term } from '../contract/index.ts';
import type { LectureDirectory, LectureEntry } from '../lectures/LectureDirectory.ts';
import { scheduleToleranceMs } from '../limits.ts';
import type { CourseCovers } from './CourseCovers.ts';
import type { Courses } from './Courses.ts';
import type { CourseRow, CourseStore } from './CourseStore.ts';
import { courseIdOf } from './CourseStore.ts';
import { courseAfter } from './courseTransition.ts';
import type { CourseStep } from './courseTransition.ts';
import { requireRestorable } from './courseTrash.ts';
import { moveWeeks } from './moveWeeks.ts';
import type { StreamKeyManager } from './StreamKeyManager.ts';

export interface CourseLifeOptions {
  courses: Courses;
  store: CourseStore;
  covers: CourseCovers;
  directory: LectureDirectory;
  streamKeys: StreamKeyManager;
  clock: Clock;
  logger: Logger;
}

export interface DuplicateForm {
  title: string;
  term: Term | null;
  lectures: { shiftWeeks: number } | null;
}

/** Publishes, archives, copies, deletes and restores courses. */
export class CourseLife {
  readonly #options: CourseLifeOptions;

  constructor(options: CourseLifeOptions) {
    this.#options = options;
  }

  /**
   * An archived course loses its stream key, with which an encoder could start a lecture.
   * @throws CodedError `course.archived`, `course.notPublished`; `lecture.alreadyLive` while a lecture is live
   */
  async step(courseId: CourseId, step: CourseStep, byUserId: UserId): Promise<void> {
    const { store, streamKeys, clock, logger } = this.#options;
    const state = courseAfter((await store.get(courseId)).state, step);
    if (step === 'archive' || step === 'unpublish') await this.#requireNotLive(courseId);
    if (step === 'archive') await streamKeys.revokeIfAny(courseId);
    await store.modify(courseId, (row) => (courseAfter(row.state, step) === row.state ? undefined : { state: courseAfter(row.state, step), updatedAt: toInstant(clock.nowMs()) }));
    logger.info({ courseId, byUserId, state }, 'course.stateChanged');
  }

  /**
   * Copies a course as a draft that the caller owns. A copy that fails is in the trash.
   * @throws CodedError `lecture.timePassed` when a copied lecture would begin in the past
   */
  async duplicate(courseId: CourseId, { title, term, lectures }: DuplicateForm, caller: Pick<Caller, 'userId' | 'roles'>): Promise<CourseRow> {
    const { courses, store, covers, directory, logger } = this.#options;
    const { userId: byUserId } = caller;
    const source = await store.get(courseId);
    const { description, enrolmentPolicy, categoryId, tags, timeZone, language, clipsBy } = source;
    const plans = lectures ? await this.#plansOf(source, lectures.shiftWeeks) : [];
    const copy = await courses.create({ title, description, enrolmentPolicy, categoryId, tags, timeZone, language, term, clipsBy, state: 'draft' }, caller);
    const copyId = courseIdOf(copy);
    try {
      if (source.coverId !== null) await covers.copy(source.coverId, copyId);
      for (const plan of plans) await directory.schedule({ ...plan, courseId: copyId, createdBy: byUserId });
    } catch (err) {
      await this.delete(copyId, byUserId);
      throw err;
    }
    logger.info({ courseId: copyId, sourceId: courseId, byUserId, lectures: plans.length }, 'course.duplicated');
    return store.get(copyId);
  }

  /** Moves a course to the trash: its live lecture ends, its stream key is revoked, and nobody has a right in it. Idempotent. */
  async delete(courseId: CourseId, byUserId: UserId): Promise<void> {
    const { store, directory, streamKeys, clock, logger } = this.#options;
    await streamKeys.revokeIfAny(courseId);
    const deletedAt = toInstant(clock.nowMs());
    await store.modify(courseId, (row) => (row.deletedAt === null ? { deletedAt, deletedBy: byUserId } : undefined));
    await directory.closeCourse(courseId, { keepsScheduled: true });
    logger.info({ courseId, byUserId }, 'course.deleted');
  }

  /** Takes a course out of the trash, as it was. Idempotent. @throws CodedError `course.notFound` when it is too late */
  async restore(courseId: CourseId, byUserId: UserId): Promise<void> {
    const { store, clock, logger } = this.#options;
    await store.modify(courseId, (row) => {
      requireRestorable(row, clock.nowMs());
      return row.deletedAt === null ? undefined : { deletedAt: null, deletedBy: null, updatedAt: toInstant(clock.nowMs()) };
    });
    logger.info({ courseId, byUserId }, 'course.restored');
  }

  async #requireNotLive(courseId: CourseId): Promise<void> {
    const live = (await this.#options.directory.currentOf([courseId])).find(({ state }) => isOnAir(state));
    if (live) throw new CodedError('lecture.alreadyLive', 'A lecture of this course is live. End it first.', { details: { lectureId: live.id } });
  }

  /** The lectures that had a date, with the new one. */
  async #plansOf(course: CourseRow, shiftWeeks: number) {
    const { directory, clock } = this.#options;
    const planned = (await directory.ofCourse(courseIdOf(course))).filter((entry): entry is LectureEntry & { scheduledAt: string } => entry.scheduledAt !== null);
    const plans = planned.map(({ title, scheduledAt, durationMinutes, isRecorded }) => ({ title, durationMinutes, isRecorded, scheduledAt: moveWeeks(scheduledAt, shiftWeeks, course.timeZone) }));
    const past = plans.filter(({ scheduledAt }) => Date.parse(scheduledAt) < clock.nowMs() - scheduleToleranceMs).length;
    if (past > 0) throw new CodedError('lecture.timePassed', `${past} of ${plans.length} lectures would be in the past. Move them by more weeks, or leave them out.`, { details: { field: 'lectures.shiftWeeks' } });
    return plans;
  }
}
