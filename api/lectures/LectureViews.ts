import { isExpected, isOnAir } from '#engine';
import type { CourseRole, LectureId, UserId, VideoId } from '#engine/contract';
import { courseIdOf } from '../courses/CourseStore.ts';
import type { CourseRow } from '../courses/CourseStore.ts';
import type { VideoCatalog } from '../content/VideoCatalog.ts';
import type { LectureDirectory, LectureEntry } from './LectureDirectory.ts';

/** A course, and the role of the person who sees it. */
export interface SeenCourse {
  course: CourseRow;
  role: CourseRole;
}

/** Builds the `LectureView`s of the contract: a lecture with the title of its course and its video. */
export class LectureViews {
  readonly #directory: LectureDirectory;
  readonly #videoCatalog: VideoCatalog;

  constructor(directory: LectureDirectory, videoCatalog: VideoCatalog) {
    this.#directory = directory;
    this.#videoCatalog = videoCatalog;
  }

  async view(entry: LectureEntry, course: CourseRow) {
    return view(await this.#videosOf([entry]), entry, course);
  }

  /** What is left of the recording of a lecture; null while nothing is cut. */
  async keptOf(lectureId: LectureId) {
    const [video] = await this.#videoCatalog.ofLectures([lectureId]);
    return video?.kept ?? null;
  }

  async get(lectureId: LectureId, courses: { get(courseId: LectureEntry['courseId']): Promise<CourseRow> }) {
    const entry = await this.#directory.get(lectureId);
    return this.view(entry, await courses.get(entry.courseId));
  }

  /** Of several lectures of these courses, in their order. */
  async viewMany(entries: readonly LectureEntry[], courses: readonly CourseRow[]) {
    const videos = await this.#videosOf(entries);
    const byId = new Map<string, CourseRow>(courses.map((course) => [course._id, course]));
    return entries.flatMap((entry) => {
      const course = byId.get(entry.courseId);
      return course ? [view(videos, entry, course)] : [];
    });
  }

  /** Live lectures first, then upcoming ones, the soonest first, then ended ones, the latest first. */
  async ofCourse(course: CourseRow) {
    const entries = (await this.#directory.ofCourse(courseIdOf(course))).sort(byRelevance);
    const videos = await this.#videosOf(entries);
    return entries.map((entry) => view(videos, entry, course));
  }

  /** Of each course, its live lectures, without those that the viewer was removed from, and the upcoming ones, the soonest first. */
  async current(courses: readonly SeenCourse[], { userId, nowMs }: { userId: UserId; nowMs: number }): Promise<(course: CourseRow) => { live: Views; upcoming: Views }> {
    const roles = new Map(courses.map(({ course, role }) => [course._id, role]));
    const current = (await this.#directory.currentOf(courses.map(({ course }) => courseIdOf(course)))).sort(byRelevance);
    const isHidden = await Promise.all(current.map(async (entry) => isLive(entry) && roles.get(entry.courseId) !== 'owner' && (await this.#directory.isRemoved(userId, entry.id))));
    const entries = current.filter((_, index) => !isHidden[index]);
    const videos = await this.#videosOf(entries);
    return (course) => {
      const ofCourse = entries.filter(({ courseId }) => courseId === course._id);
      const views = (some: readonly LectureEntry[]) => some.map((entry) => view(videos, entry, course));
      return { live: views(ofCourse.filter(isLive)), upcoming: course.state === 'archived' ? [] : views(ofCourse.filter((entry) => isUpcoming(entry, nowMs))) };
    };
  }

  /** The live lecture of each course, for administrators, whom no removal hides a lecture from. */
  async liveOf(courses: readonly CourseRow[]): Promise<(course: CourseRow) => Views[number] | null> {
    const entries = (await this.#directory.currentOf(courses.map(courseIdOf))).filter(isLive);
    const videos = await this.#videosOf(entries);
    const byCourse = new Map<string, LectureEntry>(entries.map((entry) => [entry.courseId, entry]));
    return (course) => {
      const entry = byCourse.get(course._id);
      return entry ? view(videos, entry, course) : null;
    };
  }

  /** The ids of the videos of these lectures. A lecture that has not started has none, nor one that waits for its first segment. */
  async #videosOf(entries: readonly LectureEntry[]): Promise<VideoIds> {
    const started = entries.filter(({ startedAt }) => startedAt !== null);
    const videos = started.length === 0 ? [] : await this.#videoCatalog.ofLectures(started.map(({ id }) => id));
    const live = new Set(started.filter(isLive).map(({ id }) => id));
    const shown = videos.filter(({ lectureId, durationSeconds }) => durationSeconds > 0 || lectureId === null || !live.has(lectureId));
    return new Map(shown.flatMap(({ lectureId, id }) => (lectureId === null ? [] : [[lectureId, id] as const])));
  }
}

type VideoIds = ReadonlyMap<LectureId, VideoId>;
type Views = ReturnType<typeof view>[];

function view(videos: VideoIds, entry: LectureEntry, course: CourseRow) {
  const { series, ...lecture } = entry;
  return {
    ...lecture,
    courseTitle: course.title,
    videoId: videos.get(entry.id) ?? null,
    series: series && { seriesId: series.seriesId, date: series.date, isChanged: series.ownFields.length > 0 },
  };
}

function isLive({ state }: LectureEntry): boolean {
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
