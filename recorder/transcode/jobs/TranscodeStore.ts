// Responsible for the state of transcodes in progress: one row for each video, removed at the end. Owns the collection `transcodes`.
import { DuplicateKeyError, randomText } from '#engine/kernel';
import type { Collection, Database, Update } from '#engine/kernel';

/** The transcode of a video that is being made. */
export interface TranscodeRow {
  /** The id of the video. */
  _id: string;
  /** Names this attempt: what was begun for a cancelled one must not go into the next. */
  runId: string;
  /** Of the renditions that are made. */
  generation: number;
  /** Null: the whole ladder. */
  heights: number[] | null;
  /** The tasks are known, and their jobs are added. */
  isPlanned: boolean;
  /** Seconds of media by the name of the task. */
  weights: Record<string, number>;
  /** How much of each task is done, 0 to 1. 1: its files are stored. */
  shares: Record<string, number>;
}

export class TranscodeStore {
  readonly #rows: Collection<TranscodeRow>;

  constructor(database: Database) {
    this.#rows = database.collection<TranscodeRow>({ name: 'transcodes', indexes: [] });
  }

  /** Begins a transcode, or returns the one in progress. */
  async begin(videoId: string, { generation, heights }: Pick<TranscodeRow, 'generation' | 'heights'>): Promise<TranscodeRow> {
    const row: TranscodeRow = { _id: videoId, runId: randomText(16), generation, heights, isPlanned: false, weights: {}, shares: {} };
    try {
      await this.#rows.insertOne(row);
      return row;
    } catch (err) {
      if (!(err instanceof DuplicateKeyError)) throw err;
      return (await this.find(videoId)) ?? this.begin(videoId, { generation, heights });
    }
  }

  async find(videoId: string): Promise<TranscodeRow | undefined> {
    return (await this.#rows.findOne({ _id: videoId })) ?? undefined;
  }

  /** Stores the tasks. Tasks that are known stay as they are. False if the transcode was cancelled. */
  async plan({ _id, runId }: TranscodeRow, weights: Record<string, number>): Promise<boolean> {
    const shares = Object.fromEntries(Object.keys(weights).map((task) => [task, 0]));
    const { matchedCount } = await this.#rows.updateOne({ _id, runId }, { $set: { weights, shares, isPlanned: true } });
    return matchedCount > 0;
  }

  /** Stores how much of a task is done. Undefined if the transcode was cancelled. A share of 1 stays. */
  async progress(videoId: string, { runId, task }: { runId: string; task: string }, share: number): Promise<TranscodeRow | undefined> {
    const update = { $max: { [`shares.${task}`]: share } } as unknown as Update<TranscodeRow>;
    return (await this.#rows.findOneAndUpdate({ _id: videoId, runId }, update, { returnDocument: 'after' })) ?? undefined;
  }

  /** Ends a transcode. False if it had ended already. */
  async end(videoId: string, runId: string): Promise<boolean> {
    return (await this.#rows.deleteOne({ _id: videoId, runId })).deletedCount > 0;
  }
}

/** How much of all tasks is done, by their seconds of media. */
export function shareOf({ weights, shares }: Pick<TranscodeRow, 'weights' | 'shares'>): number {
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  const done = Object.entries(weights).reduce((sum, [task, weight]) => sum + weight * (shares[task] ?? 0), 0);
  return total > 0 ? Math.min(1, done / total) : 0;
}

/** All tasks of a kind are done; true if there is none. */
export function areDone({ shares }: Pick<TranscodeRow, 'shares'>, isMeant: (task: string) => boolean = () => true): boolean {
  return Object.entries(shares).every(([task, share]) => share >= 1 || !isMeant(task));
}
