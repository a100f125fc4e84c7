import type { LecturePlans, LectureRow, NewLecture } from '#engine';
import { CodedError, LectureId } from '#engine/contract';
import type { CourseId } from '#engine/contract';
import { fromInstant, toInstant } from '#engine/kernel';
import type { Clock } from '#engine/kernel';
import { maxLectureMinutes, maxPlannedLectures } from '../contract/index.ts';
import type { CourseRow, CourseStore } from '../courses/CourseStore.ts';
import type { LectureDirectory } from '../lectures/LectureDirectory.ts';
import { planHorizonMs } from '../learningLimits.ts';
import { timeZoneOf } from './localTime.ts';
import { findOverlaps, refuseOverlaps } from './overlaps.ts';
import type { Planned } from './overlaps.ts';
import type { SeriesChanges } from './seriesChanges.ts';

export interface CoursePlannerOptions {
  plans: LecturePlans;
  directory: LectureDirectory;
  courses: CourseStore;
  clock: Clock;
  /** A lecture that was still to come is cancelled. */
  onCancelled: (lecture: LectureRow) => Promise<void>;
}

/**
 * Changes the plan of a course, one change at a time: a change that would put two lectures at the same time is refused before
 * anything is stored.
 */
export class CoursePlanner {
  readonly #options: CoursePlannerOptions;

  constructor(options: CoursePlannerOptions) {
    this.#options = options;
  }

  get nowMs(): number {
    return this.#options.clock.nowMs();
  }

  /** Runs a change of the plan while nobody else changes it. @throws CodedError `course.notFound`, `lecture.busy` */
  async change<T>(courseId: CourseId, task: (course: { course: CourseRow; timeZone: string }) => Promise<T>): Promise<T> {
    return this.#options.plans.alone(courseId, async () => {
      const course = await this.#options.courses.get(courseId);
      return task({ course, timeZone: timeZoneOf(course) });
    });
  }

  /** @throws CodedError `lecture.overlapping` when it would be at the same time as another one of the course */
  async requireFree(courseId: CourseId, lecture: Planned, timeZone: string): Promise<void> {
    refuseOverlaps(findOverlaps([lecture], await this.#around(courseId, [lecture])), timeZone);
  }

  /** The lectures of a course that overlap with these, without those of a series. */
  async overlapsOf<L extends Planned>({ courseId, seriesId }: { courseId: CourseId; seriesId: string | null }, lectures: readonly L[]) {
    const others = await this.#around(courseId, lectures);
    return findOverlaps(lectures, others.filter(({ series }) => seriesId === null || series?.seriesId !== seriesId));
  }

  /** @throws CodedError `lecture.overlapping`, `request.invalid` for too many lectures; then nothing is changed */
  async requirePossible(courseId: CourseId, changes: readonly SeriesChanges[], timeZone: string): Promise<void> {
    const updated = changes.flatMap((each) => each.updated.map(({ after }) => after));
    const added: Planned[] = changes.flatMap((each) => each.added);
    const moved = [...updated, ...added];
    const leaving = new Set(changes.flatMap((each) => [...each.cancelled.map(({ _id }) => _id), ...updated.map(({ _id }) => _id)]));
    const span = { from: toInstant(this.nowMs), before: toInstant(this.nowMs + planHorizonMs) };
    const planned = await this.#options.plans.plannedDuring(courseId, span);
    const others = planned.filter(({ _id }) => !leaving.has(_id));
    refuseOverlaps(findOverlaps(moved, others), timeZone);
    if (others.length + moved.length > maxPlannedLectures) throw new CodedError('limit.reached', `A course has at most ${maxPlannedLectures} lectures that are still to come. Choose an earlier end, or cancel others first.`, { details: { field: 'untilDate' } });
  }

  /** Applies changes that `requirePossible` has accepted. Repeating it completes one that failed. */
  async apply({ added, updated, cancelled }: SeriesChanges): Promise<void> {
    for (const row of cancelled) await this.cancel(row);
    for (const { lectureId, change } of updated) await this.#options.directory.update(lectureId, change);
    await this.#options.plans.addMany(added);
  }

  /** Adds the lectures of a new series; when that fails, none. */
  async addAll(added: readonly NewLecture[], seriesId: string): Promise<void> {
    const { plans, directory } = this.#options;
    try {
      await plans.addMany(added);
    } catch (err) {
      for (const { _id } of await plans.ofSeries(seriesId)) await directory.cancel(LectureId.parse(_id));
      throw err;
    }
  }

  /** @throws CodedError `lecture.alreadyLive` */
  async cancel(row: LectureRow): Promise<void> {
    await this.#options.directory.cancel(LectureId.parse(row._id));
    await this.#options.onCancelled(row);
  }

  async #around(courseId: CourseId, lectures: readonly Planned[]): Promise<LectureRow[]> {
    const starts = lectures.flatMap(({ scheduledAt }) => (scheduledAt === null ? [] : [fromInstant(scheduledAt)]));
    if (starts.length === 0) return [];
    const span = { from: toInstant(Math.min(...starts)), before: toInstant(Math.max(...starts) + maxLectureMinutes * 60_000) };
    return this.#options.plans.plannedDuring(courseId, span);
  }
}
