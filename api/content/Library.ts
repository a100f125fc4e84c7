// Responsible for the library: the videos of all courses of a person, in pages. Every query is of one course, by an index of its
// order; the other filters are applied to what that yields.
import type { AccessPolicy } from '#engine';
import { CodedError, may } from '#engine/contract';
import type { CourseRole } from '#engine/contract';
import { toInstant } from '#engine/kernel';
import type { Clock, Collection, Database, Filter } from '#engine/kernel';
import { videoCollection, withDefaults } from '#recorder';
import type { StoredVideoRow } from '#recorder';
import type { Caller } from '../access/index.ts';
import type { LibraryOrder, RouteInput, Routes } from '../contract/index.ts';
import { maxListedVideos } from '../contract/index.ts';
import type { CourseRow } from '../courses/CourseStore.ts';
import { pageOfRows, readMergedPage } from '../paging/index.ts';
import type { Page } from '../paging/index.ts';
import { catalogVideo } from './recorderVideoCatalog.ts';
import type { CatalogVideo } from './VideoCatalog.ts';
import { placeInCourse } from './videoOrder.ts';

export interface LibraryOptions {
  database: Database;
  courses: { ofUser(caller: Pick<Caller, 'userId' | 'roles'>): Promise<{ course: CourseRow; role: CourseRole }[]> };
  policy: AccessPolicy;
  clock: Clock;
}

export type LibraryQuery = RouteInput<Routes['listLibrary']>['query'];

export interface LibraryPage {
  videos: { video: CatalogVideo; courseTitle: string }[];
  nextCursor: string | null;
}

const orders = {
  newest: { sortBy: 'createdAt', direction: -1 },
  title: { sortBy: 'title', direction: 1 },
  longest: { sortBy: 'durationSeconds', direction: -1 },
  largest: { sortBy: 'bytes', direction: -1 },
} as const satisfies Record<Exclude<LibraryOrder, 'order'>, { sortBy: keyof StoredVideoRow; direction: 1 | -1 }>;

export class Library {
  readonly #options: LibraryOptions;
  readonly #rows: Collection<StoredVideoRow>;

  constructor(options: LibraryOptions) {
    this.#options = options;
    this.#rows = options.database.collection(videoCollection);
  }

  /** @throws CodedError `page.notFound` for a cursor of another list, `request.invalid` for the order of a course without a course */
  async page(caller: Pick<Caller, 'userId' | 'roles'>, query: LibraryQuery): Promise<LibraryPage> {
    const { courses, policy, clock } = this.#options;
    const nowMs = clock.nowMs();
    const mine = (await courses.ofUser(caller)).filter(({ course }) => query.courseId === undefined || course._id === query.courseId);
    const filters = mine.map(({ course, role }) => ({ courseId: course._id, ...filterOf(query, role, toInstant(nowMs)) }));
    if (query.sort === 'largest') await this.#fillBytes(mine.map(({ course }) => course._id));
    const { rows, nextCursor } = filters.length === 0 ? { rows: [], nextCursor: null } : await this.#read(query, filters);
    const titles = new Map(mine.map(({ course }) => [course._id, course.title]));
    const videos = await policy.watchable(caller.userId, rows.map((row) => catalogVideo(withDefaults(row), nowMs)));
    return { videos: videos.map((video) => ({ video, courseTitle: titles.get(video.courseId) ?? '' })), nextCursor };
  }

  async #read(query: LibraryQuery, filters: readonly Filter<StoredVideoRow>[]): Promise<Page<StoredVideoRow>> {
    const { cursor, limit, sort } = query;
    const list = `library ${JSON.stringify({ ...query, cursor: undefined, limit: undefined })}`;
    if (sort === 'order') return this.#readOrder(query, { filters, list });
    return readMergedPage(this.#rows, { list, filters, ...orders[sort], cursor, limit });
  }

  /** The videos of one course are few. */
  async #readOrder({ courseId, cursor, limit }: LibraryQuery, { filters, list }: { filters: readonly Filter<StoredVideoRow>[]; list: string }): Promise<Page<StoredVideoRow>> {
    const [filter] = filters;
    if (courseId === undefined || !filter) throw new CodedError('request.invalid', 'Choose a course to see its videos in its order.', { details: { field: 'courseId' } });
    const rows = await this.#rows.find(filter, { sort: { createdAt: -1, _id: -1 }, limit: maxListedVideos });
    const placed = rows.map((row) => ({ ...row, place: placeInCourse({ position: row.position ?? null, recordedAt: row.createdAt }) }));
    return pageOfRows(placed, { list, sortBy: 'place', direction: 1, cursor, limit });
  }

  /** A list that is sorted by a field needs it in every row, and rows of older versions lack it. */
  async #fillBytes(courseIds: readonly string[]): Promise<void> {
    const missing: Filter<StoredVideoRow> = { courseId: { $in: courseIds }, bytes: null };
    if (await this.#rows.findOne(missing)) await this.#rows.updateMany(missing, { $set: { bytes: 0 } });
  }
}

/** Rows of older versions lack what they would have by default, so defaults are matched by what they are not. */
function filterOf(query: LibraryQuery, role: CourseRole, now: string): Filter<StoredVideoRow> {
  const { search, state, source, visibility, tag, categoryId } = query;
  const conditions: Filter<StoredVideoRow>[] = [{ deletedAt: null }];
  if (!may(role, 'video.manage')) conditions.push({ $or: [{ visibleFrom: null }, { visibleFrom: { $lte: now } }] }, { $or: [{ source: { $ne: 'upload' } }, { state: 'ready' }] });
  if (state !== undefined) conditions.push({ state });
  if (source !== undefined) conditions.push({ source: source === 'recording' ? { $nin: ['upload', 'clip'] } : source });
  if (visibility !== undefined) conditions.push({ visibility: visibility === 'course' ? { $nin: ['link', 'public'] } : visibility });
  if (tag !== undefined) conditions.push({ tags: tag });
  if (categoryId !== undefined) conditions.push({ categoryId });
  for (const word of (search ?? '').split(/\s+/).filter((each) => each !== '')) conditions.push({ title: { $regex: new RegExp(word.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&'), 'iu') } });
  return { $and: conditions };
}
