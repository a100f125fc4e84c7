import { CodedError } from '#engine/contract';
import { newId } from '#engine/kernel';
import type { Collection, Database, Filter, Update } from '#engine/kernel';
import type { VideoState } from '../contract/index.ts';
import type { MediaLocation, PosterLocator } from '../delivery/RecordingLibrary.ts';
import { videoPageSize } from '../limits.ts';

export interface VideoRow {
  _id: string;
  lectureId: string;
  courseId: string;
  recordingId: string;
  title: string;
  state: VideoState;
  durationSeconds: number;
  hasScreen: boolean;
  posterKey: string | null;
  posterBytes: number | null;
  posterSha256: string | null;
  /** ISO 8601: when its recording began. */
  createdAt: string;
}

/** The state of a recording, as far as its video shows it. */
export interface RecordingSummary {
  recordingId: string;
  lectureId: string;
  courseId: string;
  title: string;
  /** ISO 8601 */
  startedAt: string;
  isFinished: boolean;
  durationSeconds: number;
  hasScreen: boolean;
}

export interface StoredPoster {
  key: string;
  bytes: number;
  sha256: string;
}

export interface VideoPage {
  /** Newest first. */
  videos: VideoRow[];
  /** The `after` of the next page; null on the last page. */
  next: string | null;
}

/** The videos: one for each recording, from its start on. Owns the collection `videos`. */
export class VideoStore implements PosterLocator {
  readonly #rows: Collection<VideoRow>;

  constructor(database: Database) {
    this.#rows = database.collection<VideoRow>({
      name: 'videos',
      indexes: [{ keys: { recordingId: 1 }, unique: true }, { keys: { lectureId: 1, createdAt: -1 } }, { keys: { courseId: 1, createdAt: -1, _id: -1 } }, { keys: { state: 1, posterKey: 1, createdAt: -1 } }],
    });
  }

  /**
   * Updates the video of a recording, or creates it; a title is kept until `rename`. The video of a finished recording is `ready`, or `failed` when the
   * recording is empty. Calls for one recording must not overlap.
   */
  async sync(recording: RecordingSummary): Promise<VideoRow> {
    const { isFinished, startedAt, title, ...shown } = recording;
    const state = !isFinished ? 'live' : shown.durationSeconds > 0 ? 'ready' : 'failed';
    const known = await this.ofRecording(recording.recordingId);
    if (known) {
      await this.#change({ _id: known._id }, { $set: { state, ...shown } });
      return { ...known, state, ...shown };
    }
    const row: VideoRow = { _id: newId('vid'), ...shown, title, state, posterKey: null, posterBytes: null, posterSha256: null, createdAt: startedAt };
    await this.#rows.insertOne(row);
    return row;
  }

  /** Gives the videos of a lecture its new title. */
  async rename(lectureId: string, title: string): Promise<void> {
    await this.#rows.updateMany({ lectureId }, { $set: { title } });
  }

  /** The recordings of live videos. */
  async liveRecordings(): Promise<string[]> {
    return (await this.#rows.find({ state: 'live' })).map(({ recordingId }) => recordingId);
  }

  /** Ready videos without a poster, the newest first. */
  async withoutPoster(limit: number): Promise<VideoRow[]> {
    return this.#rows.find({ state: 'ready', posterKey: null }, { sort: { createdAt: -1 }, limit });
  }

  /** Removes the poster from the video, before another one replaces it in the store. */
  async detachPoster(recordingId: string): Promise<void> {
    await this.#change({ recordingId }, { $set: { posterKey: null, posterBytes: null, posterSha256: null } });
  }

  /** Restores the poster of an earlier row, because it was not replaced. */
  async restorePoster({ recordingId, posterKey, posterBytes, posterSha256 }: VideoRow): Promise<void> {
    await this.#change({ recordingId }, { $set: { posterKey, posterBytes, posterSha256 } });
  }

  async attachPoster(recordingId: string, poster: StoredPoster): Promise<void> {
    await this.#change({ recordingId }, { $set: { posterKey: poster.key, posterBytes: poster.bytes, posterSha256: poster.sha256 } });
  }

  async locatePoster(recordingId: string): Promise<MediaLocation | undefined> {
    const row = await this.ofRecording(recordingId);
    if (!row || row.posterKey === null || row.posterBytes === null || row.posterSha256 === null) return undefined;
    return { kind: 'stored', key: row.posterKey, bytes: row.posterBytes, sha256: row.posterSha256 };
  }

  /** @throws CodedError `video.notFound` */
  async get(videoId: string): Promise<VideoRow> {
    const row = await this.#rows.findOne({ _id: videoId });
    if (!row) throw new CodedError('video.notFound', 'There is no such video.', { details: { videoId } });
    return row;
  }

  async ofRecording(recordingId: string): Promise<VideoRow | undefined> {
    return (await this.#rows.findOne({ recordingId })) ?? undefined;
  }

  /** The newest video of each lecture. */
  async ofLectures(lectureIds: readonly string[]): Promise<VideoRow[]> {
    const rows = await this.#rows.find({ lectureId: { $in: lectureIds } }, { sort: { createdAt: 1 } });
    return [...new Map(rows.map((row) => [row.lectureId, row])).values()];
  }

  /** Those that exist, in no particular order. */
  async getMany(videoIds: readonly string[]): Promise<VideoRow[]> {
    return this.#rows.find({ _id: { $in: videoIds } });
  }

  async ofCourse(courseId: string, page: { after?: string; limit?: number } = {}): Promise<VideoPage> {
    const limit = page.limit ?? videoPageSize;
    const [createdAt, id] = (page.after ?? '').split('~');
    const older: Filter<VideoRow> = createdAt && id ? { $or: [{ createdAt: { $lt: createdAt } }, { createdAt, _id: { $lt: id } }] } : {};
    const found = await this.#rows.find({ courseId, ...older }, { sort: { createdAt: -1, _id: -1 }, limit: limit + 1 });
    const videos = found.slice(0, limit);
    const last = videos.at(-1);
    return { videos, next: last && found.length > limit ? `${last.createdAt}~${last._id}` : null };
  }

  async #change(filter: Filter<VideoRow>, update: Update<VideoRow>): Promise<void> {
    await this.#rows.updateOne(filter, update);
  }
}
