import { VideoId } from '#engine/contract';
import { toInstant } from '#engine/kernel';
import type { Clock, Collection, Database } from '#engine/kernel';
import type { WatchPosition } from '../contract/index.ts';

export interface ProgressRow {
  /** `<userId>~<videoId>`: one for each, whoever writes first. */
  _id: string;
  userId: string;
  videoId: string;
  positionSeconds: number;
  isFinished: boolean;
  /** ISO 8601 */
  updatedAt: string;
}

interface Watched {
  userId: string;
  videoId: string;
}

/** Where each learner stopped in each video, to go on from on any device. Owns the collection `progress`. */
export class Progress {
  readonly #rows: Collection<ProgressRow>;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#clock = clock;
    this.#rows = database.collection<ProgressRow>({ name: 'progress', indexes: [{ keys: { userId: 1, updatedAt: -1 } }, { keys: { videoId: 1 } }] });
  }

  /** What is written last counts, from whatever device. */
  async save(of: Watched, stoppedAt: { positionSeconds: number; isFinished: boolean }): Promise<WatchPosition> {
    const updatedAt = toInstant(this.#clock.nowMs());
    const { positionSeconds, isFinished } = stoppedAt;
    await this.#rows.updateOne(
      { _id: idOf(of) },
      { $set: { positionSeconds, isFinished, updatedAt }, $setOnInsert: { userId: of.userId, videoId: of.videoId } },
      { upsert: true },
    );
    return { videoId: VideoId.parse(of.videoId), positionSeconds, isFinished, updatedAt };
  }

  async get(of: Watched): Promise<WatchPosition | undefined> {
    const row = await this.#rows.findOne({ _id: idOf(of) });
    return row ? viewOf(row) : undefined;
  }

  /** What someone began and did not watch to its end, the last first. */
  async unfinishedOf(userId: string, limit = 10): Promise<WatchPosition[]> {
    const rows = await this.#rows.find({ userId, isFinished: false }, { sort: { updatedAt: -1 }, limit });
    return rows.map(viewOf);
  }

  /** After a video was deleted. */
  async deleteOfVideo(videoId: string): Promise<void> {
    await this.#rows.deleteMany({ videoId });
  }
}

function idOf({ userId, videoId }: Watched): string {
  return `${userId}~${videoId}`;
}

function viewOf({ videoId, positionSeconds, isFinished, updatedAt }: ProgressRow): WatchPosition {
  return { videoId: VideoId.parse(videoId), positionSeconds, isFinished, updatedAt };
}
