import type { UserId, VideoId } from '#engine/contract';
import type { Collection, Database } from '#engine/kernel';

export interface ProgressRow {
  /** `<user>.<video>`: one row for each. */
  _id: string;
  userId: string;
  videoId: string;
  positionSeconds: number;
  isFinished: boolean;
  updatedAt: string;
}

/** Where a user stopped. */
export type ProgressMark = Pick<ProgressRow, 'positionSeconds' | 'isFinished' | 'updatedAt'>;

/** Where each user stopped in each video. Owns the collection `progress`. */
export class ProgressStore {
  readonly #progress: Collection<ProgressRow>;

  constructor(database: Database) {
    this.#progress = database.collection<ProgressRow>({
      name: 'progress',
      indexes: [{ keys: { userId: 1, updatedAt: -1 } }, { keys: { videoId: 1 } }],
    });
  }

  async find(userId: UserId, videoId: VideoId): Promise<ProgressRow | undefined> {
    return (await this.#progress.findOne({ _id: keyOf(userId, videoId) })) ?? undefined;
  }

  /** By the id of the video, of those that the user has watched. */
  async findMany(userId: UserId, videoIds: readonly VideoId[]): Promise<Map<string, ProgressMark>> {
    const rows = await this.#progress.find({ _id: { $in: videoIds.map((videoId) => keyOf(userId, videoId)) } });
    return new Map(rows.map(({ videoId, positionSeconds, isFinished, updatedAt }) => [videoId, { positionSeconds, isFinished, updatedAt }]));
  }

  async put(userId: UserId, videoId: VideoId, mark: ProgressMark): Promise<void> {
    await this.#progress.updateOne({ _id: keyOf(userId, videoId) }, { $set: { userId, videoId, ...mark } }, { upsert: true });
  }

  /** The videos that the user watched last, also those watched to the end; the latest first. */
  async lately(userId: UserId, limit: number): Promise<ProgressRow[]> {
    return this.#progress.find({ userId }, { sort: { updatedAt: -1 }, limit });
  }

  async ofUser(userId: UserId): Promise<ProgressRow[]> {
    return this.#progress.find({ userId });
  }

  async removeAllOf(userId: UserId): Promise<void> {
    await this.#progress.deleteMany({ userId });
  }

  async removeVideo(videoId: string): Promise<void> {
    await this.#progress.deleteMany({ videoId });
  }

  /** The videos that the user has not finished, the last watched first. */
  async latest(userId: UserId, limit: number): Promise<ProgressRow[]> {
    return this.#progress.find({ userId, isFinished: false }, { sort: { updatedAt: -1 }, limit });
  }
}

function keyOf(userId: UserId, videoId: VideoId): string {
  return `${userId}.${videoId}`;
}
