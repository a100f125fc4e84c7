import type { CourseId, LectureId, UserId, VideoId } from '#engine/contract';
import type { AccountRow, AccountStore } from '../accounts/AccountStore.ts';
import { shownSeconds } from '../content/editedPositions.ts';
import type { CatalogVideo, VideoCatalog } from '../content/VideoCatalog.ts';
import type { EnrolmentStore } from '../courses/EnrolmentStore.ts';
import type { LectureDirectory } from '../lectures/LectureDirectory.ts';
import { attendedFrom, csvPageSize } from '../learningLimits.ts';
import type { AttendanceRow, AttendanceStore } from './AttendanceStore.ts';
import { watchedSeconds } from './watchedRanges.ts';
import type { WatchedRow, WatchedStore } from './WatchedStore.ts';

export interface CourseProgressOptions {
  attendance: AttendanceStore;
  watched: WatchedStore;
  enrolments: EnrolmentStore;
  accounts: AccountStore;
  videoCatalog: VideoCatalog;
  directory: LectureDirectory;
}

export interface Learner {
  account: AccountRow;
  attendedCount: number;
  watchedShare: number;
  lastWatchedAt: string | null;
  /** By the lecture. */
  presentShares: ReadonlyMap<LectureId, number>;
}

interface LearnerPage {
  cursor: string | undefined;
  limit: number;
}

/** What the students of a course have attended and watched. Every read is of one course, by an index. */
export class CourseProgress {
  readonly #options: CourseProgressOptions;

  constructor(options: CourseProgressOptions) {
    this.#options = options;
  }

  /** What one person has seen of each lecture that was held, the latest first. */
  async own(courseId: CourseId, userId: UserId) {
    const { attendance, watched, directory } = this.#options;
    const [entries, held, present, rows, videos] = await Promise.all([
      directory.ofCourse(courseId),
      attendance.heldOf(courseId),
      attendance.ofCourse(courseId, [userId]),
      watched.ofCourse(courseId, [userId]),
      this.#videos(courseId),
    ]);
    const summed = new Set(held);
    const shares = new Map(present.map((row) => [row.lectureId, presentShare(row)]));
    const ofVideo = new Map(rows.map((row) => [row.videoId, row]));
    const ofLecture = new Map(videos.map((video) => [video.lectureId, video]));
    const ended = entries.filter(({ state }) => state === 'ended').sort((a, b) => (b.startedAt ?? '').localeCompare(a.startedAt ?? ''));
    const lectures = ended.map(({ id, title, startedAt }) => {
      const video = ofLecture.get(id);
      const share = shares.get(id) ?? (summed.has(id) ? 0 : null);
      const isAttended = share !== null && share >= attendedFrom;
      return { lectureId: id, title, startedAt, presentShare: share, isAttended, videoId: video?.id ?? null, watchedShare: video ? shareOf(ofVideo.get(video.id), video) : null };
    });
    return { heldCount: summed.size, attendedFrom, attendedCount: [...shares.values()].filter((share) => share >= attendedFrom).length, watchedShare: totalShare(rows, videos), lectures };
  }

  /** A page of the students of a course, by their ids. */
  async page(courseId: CourseId, { cursor, limit }: LearnerPage) {
    const [held, videos] = await Promise.all([this.#options.attendance.heldOf(courseId), this.#videos(courseId)]);
    const { learners, nextCursor } = await this.#learners(courseId, { cursor, limit, videos });
    return { heldCount: held.length, attendedFrom, recordedSeconds: sumOf(videos), learners, nextCursor };
  }

  /** All students, and the lectures that were held, the earliest first. */
  async all(courseId: CourseId) {
    const { attendance, directory } = this.#options;
    const [entries, held, videos] = await Promise.all([directory.ofCourse(courseId), attendance.heldOf(courseId), this.#videos(courseId)]);
    const learners: Learner[] = [];
    let cursor: string | undefined;
    for (;;) {
      const page = await this.#learners(courseId, { cursor, limit: csvPageSize, videos });
      learners.push(...page.learners);
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    const summed = new Set(held);
    const lectures = entries.filter(({ id }) => summed.has(id)).sort((a, b) => (a.startedAt ?? '').localeCompare(b.startedAt ?? ''));
    return { lectures, learners: learners.sort((a, b) => a.account.displayName.localeCompare(b.account.displayName)), heldCount: summed.size };
  }

  async #learners(courseId: CourseId, { cursor, limit, videos }: LearnerPage & { videos: readonly CatalogVideo[] }): Promise<{ learners: Learner[]; nextCursor: string | null }> {
    const { attendance, watched, enrolments, accounts } = this.#options;
    const { rows, nextCursor } = await enrolments.page(courseId, { cursor, limit });
    const ids = rows.filter(({ role }) => role === 'student').map(({ userId }) => userId as UserId);
    const [people, present, seen] = await Promise.all([accounts.findMany(ids), attendance.ofCourse(courseId, ids), watched.ofCourse(courseId, ids)]);
    const learners = ids.flatMap((userId) => {
      const account = people.get(userId);
      if (!account) return [];
      const presentShares = new Map(present.filter((row) => row.userId === userId).map((row) => [row.lectureId, presentShare(row)]));
      const ranges = seen.filter((row) => row.userId === userId);
      const lastWatchedAt = ranges.map(({ updatedAt }) => updatedAt).sort().at(-1) ?? null;
      return [{ account, presentShares, attendedCount: [...presentShares.values()].filter((share) => share >= attendedFrom).length, watchedShare: totalShare(ranges, videos), lastWatchedAt }];
    });
    return { learners, nextCursor };
  }

  async #videos(courseId: CourseId): Promise<CatalogVideo[]> {
    return (await this.#options.videoCatalog.ofCourse(courseId)).filter(({ durationSeconds }) => durationSeconds > 0);
  }
}

function presentShare({ presentMs, lectureMs }: AttendanceRow): number {
  return lectureMs === 0 ? 0 : Math.min(1, presentMs / lectureMs);
}

function shareOf(row: WatchedRow | undefined, video: CatalogVideo): number {
  return row ? Math.min(1, secondsSeen(row, video) / video.durationSeconds) : 0;
}

/** Of what is left of the video. */
function secondsSeen({ ranges }: WatchedRow, video: CatalogVideo | undefined): number {
  if (!video) return 0;
  const left = video.kept ? ranges.map(([start, end]) => [shownSeconds(video.kept, start), shownSeconds(video.kept, end)] as const) : ranges;
  return watchedSeconds(left, video.durationSeconds);
}

function totalShare(rows: readonly WatchedRow[], videos: readonly CatalogVideo[]): number {
  const byId = new Map<VideoId, CatalogVideo>(videos.map((video) => [video.id, video]));
  const watched = rows.reduce((sum, row) => sum + secondsSeen(row, byId.get(row.videoId)), 0);
  const total = sumOf(videos);
  return total === 0 ? 0 : Math.min(1, watched / total);
}

function sumOf(videos: readonly CatalogVideo[]): number {
  return videos.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
}
