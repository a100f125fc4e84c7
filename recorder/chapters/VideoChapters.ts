// Responsible for the chapters of videos.
import { CodedError } from '#engine/contract';
import type { VideoId } from '#engine/contract';
import { toInstant } from '#engine/kernel';
import type { Clock, Collection, Database } from '#engine/kernel';
import type { Chapter } from '../contract/index.ts';
import { videoCollection, withDefaults } from '../library/index.ts';
import type { StoredVideoRow, VideoRow } from '../library/index.ts';

export interface VideoChaptersOptions {
  database: Database;
  clock: Clock;
}

export class VideoChapters {
  readonly #rows: Collection<StoredVideoRow>;
  readonly #clock: Clock;

  constructor({ database, clock }: VideoChaptersOptions) {
    this.#rows = database.collection(videoCollection);
    this.#clock = clock;
  }

  /**
   * Makes these, in source time and in any order, the chapters of the video.
   * @throws CodedError `video.notFound`, `chapter.outside`, `chapter.twice`
   */
  async set(videoId: VideoId, chapters: readonly Chapter[]): Promise<VideoRow> {
    const row = await this.#require(videoId);
    const sorted = chapters.toSorted((a, b) => a.startMs - b.startMs);
    const twice = sorted.find(({ startMs }, index) => sorted[index - 1]?.startMs === startMs);
    if (twice) throw new CodedError('chapter.twice', 'Two chapters begin at the same moment. Move one of them.', { details: { startMs: twice.startMs } });
    // A live video grows: it is longer than its row says.
    const isOutside = row.state !== 'live' && sorted.some(({ startMs }) => startMs >= row.durationSeconds * 1000);
    if (isOutside) throw new CodedError('chapter.outside', 'A chapter begins after the end of the video. Move it, or remove it.');
    const change = { $set: { chapters: sorted, updatedAt: toInstant(this.#clock.nowMs()) }, $inc: { revision: 1 } };
    const changed = await this.#rows.findOneAndUpdate({ _id: videoId, deletedAt: null }, change, { returnDocument: 'after' });
    if (!changed) throw notFound(videoId);
    return withDefaults(changed);
  }

  async #require(videoId: VideoId): Promise<VideoRow> {
    const row = await this.#rows.findOne({ _id: videoId, deletedAt: null });
    if (!row) throw notFound(videoId);
    return withDefaults(row);
  }
}

function notFound(videoId: VideoId): CodedError {
  return new CodedError('video.notFound', 'This video was deleted. Restore it first.', { details: { videoId } });
}
