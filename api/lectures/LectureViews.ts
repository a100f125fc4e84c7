import { isExpected, isOnAir } from '#engine';
import type { CourseRole, LectureId, UserId } from '#engine/contract';
import { courseIdOf } from '../courses/CourseStore.ts';
import type { CourseRow } from '../courses/CourseStore.ts';
import type { VideoCatalog } from '../content/VideoCatalog.ts';
import type { LectureDirectory, LectureEntry } from './LectureDirectory.ts';

/** Builds the `LectureView`s of the contract: a lecture with the title of its course and its video. */
export class LectureViews {
  readonly #directory: LectureDirectory;
  readonly #videoCatalog: VideoCatalog;

  constructor(directory: LectureDirectory, videoCatalog: VideoCatalog) {
    this.#directory = directory;
    this.#videoCatalog = videoCatalog;
  }

  async view(entry: LectureEntry, course: CourseRow) {
    const video = entry.startedAt === null ? undefined : await this.#videoCatalog.ofLecture(entry.id);
    return { ...entry, courseTitle: course.title, videoId: video?.id ?? null };
  }

  async get(lectureId: LectureId, courses: { get(courseId: LectureEntry['courseId']): Promise<CourseRow> }) {
    const entry = await this.#directory.get(lectureId);
    return this.view(entry, await courses.get(entry.courseId));
  }

  /** Live lectures first, then upcoming ones, the soonest first, then ended ones, the latest first. */
  async ofCourse(course: CourseRow) {
    const entries = await this.#directory.ofCourse(courseIdOf(course));
    return Promise.all(entries.sort(byRelevance).map((entry) => this.view(entry, course)));
  }

  /** Live lectures, without those that the viewer was removed from, and upcoming ones, the soonest first. */
  async current(course: CourseRow, { userId, role, nowMs }: { userId: UserId; role: CourseRole; nowMs: number }) {
    const entries = (await this.#directory.ofCourse(courseIdOf(course))).sort(byRelevance);
    const onAir = entries.filter(isLive);
    const isRemoved = await Promise.all(onAir.map(async ({ id }) => role !== 'owner' && this.#directory.isRemoved(userId, id)));
    const live = onAir.filter((_, index) => !isRemoved[index]);
    const upcoming = entries.filter((entry) => isUpcoming(entry, nowMs));
    const [liveViews, upcomingViews] = await Promise.all([live, upcoming].map((some) => Promise.all(some.map((entry) => this.view(entry, course)))));
    return { live: liveViews ?? [], upcoming: upcomingViews ?? [] };
  }
}

export function isLive({ state }: LectureEntry): boolean {
  return isOnAir(state);
}

function isUpcoming(entry: LectureEntry, nowMs: number): boolean {
  return entry.state === 'scheduled' && entry.scheduledAt !== null && isExpected(Date.parse(entry.scheduledAt), nowMs);
}

const order = { live: 0, interrupted: 0, scheduled: 1, ended: 2 } as const;

function byRelevance(a: LectureEntry, b: LectureEntry): number {
  if (order[a.state] !== order[b.state]) return order[a.state] - order[b.state];
  if (a.state === 'scheduled') return (a.scheduledAt ?? '9999').localeCompare(b.scheduledAt ?? '9999');
  return (b.startedAt ?? '').localeCompare(a.startedAt ?? '');
}
