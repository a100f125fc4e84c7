import { CodedError } from '../contract/index.ts';
import type { CourseId, LectureEvent, LectureEventType, LectureId } from '../contract/index.ts';
import { toInstant } from '../kernel/Clock.ts';
import type { Clock } from '../kernel/Clock.ts';
import { KeyedMutex } from '../kernel/KeyedMutex.ts';
import { leaseWaitMs } from '../kernel/limits.ts';
import { FencedError } from '../kernel/ownership/index.ts';
import type { LeaseKeeper } from '../kernel/ownership/index.ts';
import type { EventLogs } from './EventLog.ts';
import type { LectureRow, LectureStore, NewLecture, PlannedSpan } from './LectureStore.ts';

export interface LecturePlansOptions {
  store: LectureStore;
  logs: EventLogs;
  leases: LeaseKeeper;
  clock: Clock;
}

/** The plans of all courses: what is planned when, many lectures at once, and one change of a course's plan at a time. */
export class LecturePlans {
  readonly #options: LecturePlansOptions;
  readonly #mutex = new KeyedMutex();

  constructor(options: LecturePlansOptions) {
    this.#options = options;
  }

  /** Adds lectures in order. When it fails, the first ones may be stored. */
  addMany(lectures: readonly NewLecture[]): Promise<LectureRow[]> {
    return this.#options.store.addMany(lectures, toInstant(this.#options.clock.nowMs()));
  }

  /** Those of a series in any state, by their dates. */
  ofSeries(seriesId: string): Promise<LectureRow[]> {
    return this.#options.store.ofSeries(seriesId);
  }

  /** Those of several courses that are planned to start in a span, in any state, the soonest first. */
  plannedIn(courseIds: readonly CourseId[], span: PlannedSpan, limit: number): Promise<LectureRow[]> {
    return this.#options.store.plannedIn(courseIds, span, limit);
  }

  /** Those of a course that have not ended and are planned for a time within a span, also if they start before it. */
  plannedDuring(courseId: CourseId, span: PlannedSpan): Promise<LectureRow[]> {
    return this.#options.store.plannedDuring(courseId, span);
  }

  /** Those that ended at this instant or later, the earliest first. */
  endedSince(endedAt: string, limit: number): Promise<LectureRow[]> {
    return this.#options.store.endedSince(endedAt, limit);
  }

  /** The events of a lecture in order, of the given types. */
  events(lectureId: LectureId, types: readonly LectureEventType[]): Promise<LectureEvent[]> {
    return this.#options.logs.read(lectureId, types);
  }

  /** Where the log of a lecture goes on with another owner, in ms of the lecture clock. */
  sealTimes(lectureId: LectureId): Promise<number[]> {
    return this.#options.logs.sealTimes(lectureId);
  }

  /**
   * Runs a change of the plan of a course while no other process changes it.
   * @throws CodedError `lecture.busy` while another process changes it for longer than a few seconds
   */
  alone<T>(courseId: CourseId, task: () => Promise<T>): Promise<T> {
    const { leases } = this.#options;
    if (!leases.isShared) return this.#mutex.run(courseId, task);
    return this.#mutex.run(courseId, async () => {
      try {
        return await leases.run(`plan.${courseId}`, task, leaseWaitMs);
      } catch (err) {
        if (!(err instanceof FencedError)) throw err;
        throw new CodedError('lecture.busy', 'Someone else is changing the schedule of this course. Try again in a few seconds.', { cause: err });
      }
    });
  }
}
