import type { CourseId } from '#engine/contract';
import type { Clock, Collection, Database, Filter } from '#engine/kernel';
import { videoCollection, withDefaults } from '#recorder';
import type { StoredVideoRow } from '#recorder';
import { catalogVideo } from '../content/recorderVideoCatalog.ts';
import type { CatalogVideo } from '../content/VideoCatalog.ts';
import { readMergedPage } from '../paging/index.ts';
import { maxCandidates } from './limits.ts';

/** Finds videos of courses to recommend; every query is of one course, by an index, the newest first. Who may watch them is not asked here. */
export class CandidateVideos {
  readonly #rows: Collection<StoredVideoRow>;
  readonly #clock: Clock;

  constructor({ database, clock }: { database: Database; clock: Clock }) {
    this.#rows = database.collection(videoCollection);
    this.#clock = clock;
  }

  /** Those with one of the tags. */
  async tagged(courseIds: readonly CourseId[], tags: readonly string[]): Promise<CatalogVideo[]> {
    return tags.length === 0 ? [] : this.#read(courseIds, { tags: { $in: tags } }, maxCandidates);
  }

  async newest(courseIds: readonly CourseId[], limit: number): Promise<CatalogVideo[]> {
    return this.#read(courseIds, {}, limit);
  }

  async #read(courseIds: readonly CourseId[], filter: Filter<StoredVideoRow>, limit: number): Promise<CatalogVideo[]> {
    if (courseIds.length === 0) return [];
    const filters = courseIds.map((courseId) => ({ courseId, deletedAt: null, state: 'ready' as const, ...filter }));
    const { rows } = await readMergedPage(this.#rows, { list: 'recommendations', filters, sortBy: 'createdAt', direction: -1, cursor: undefined, limit });
    return rows.map((row) => catalogVideo(withDefaults(row), this.#clock.nowMs()));
  }
}
