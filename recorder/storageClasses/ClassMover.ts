// Responsible for moving videos that nobody watches to cheaper storage classes, some in each run. A move that was interrupted is finished by
// the next run. Owns the collection `classMoves`, which lists the moves that are not finished.
import { isCoded } from '#engine/contract';
import type { Clock, Collection, Database, Logger } from '#engine/kernel';
import type { StorageClass } from '../contract/index.ts';
import type { VideoRow } from '../library/VideoRow.ts';
import { maxMovesPerRun } from '../limits.ts';
import type { ObjectStore } from '../storage/index.ts';
import { dueMoves } from './classRules.ts';
import type { ClassRules } from './classRules.ts';
import { forEachObject, objectsOutside } from './moveObjects.ts';
import type { StoredVideos } from './StoredVideos.ts';

export interface ClassMove {
  /** The video. */
  _id: string;
  from: StorageClass;
  to: StorageClass;
  /** When the move last went on. */
  touchedAtMs: number;
}

export function openClassMoves(database: Database): Collection<ClassMove> {
  return database.collection<ClassMove>({ name: 'classMoves', indexes: [] });
}

export interface ClassMoverOptions {
  videos: StoredVideos;
  moves: Collection<ClassMove>;
  store: ObjectStore;
  clock: Clock;
  logger: Logger;
}

interface Run {
  signal: AbortSignal;
  progress?: (fraction: number, note?: string) => void;
}

export class ClassMover {
  readonly #options: ClassMoverOptions;

  constructor(options: ClassMoverOptions) {
    this.#options = options;
  }

  /** Finishes moves that were interrupted, then moves what is due. Resolves with the number of videos that were moved. */
  async run(rules: ClassRules, { signal, progress }: Run): Promise<number> {
    const { videos, moves, clock } = this.#options;
    let moved = 0;
    for await (const move of moves.iterate({})) if (await this.#finish(move, signal)) moved += 1;
    for (const { to, from, idleSince } of dueMoves(rules, clock.nowMs())) {
      for (const storageClass of from) {
        for (const video of await videos.idle(storageClass, { since: idleSince, limit: maxMovesPerRun - moved })) {
          signal.throwIfAborted();
          if (await this.#move(video, { to, signal })) moved += 1;
          progress?.(moved / maxMovesPerRun, String(moved));
        }
        if (moved >= maxMovesPerRun) return moved;
      }
    }
    return moved;
  }

  /** The row changes first: a video half of whose objects are archived is not played. */
  async #move(video: VideoRow, { to, signal }: { to: StorageClass; signal: AbortSignal }): Promise<boolean> {
    const { videos, moves, clock } = this.#options;
    const move = { _id: video._id, from: video.storageClass, to, touchedAtMs: clock.nowMs() };
    await moves.replaceOne({ _id: move._id }, { from: move.from, to, touchedAtMs: move.touchedAtMs }, { upsert: true });
    if (await videos.move(video, to)) return this.#finish(move, signal);
    await moves.deleteOne({ _id: move._id });
    return false;
  }

  async #finish(move: ClassMove, signal: AbortSignal): Promise<boolean> {
    const { videos, moves, logger } = this.#options;
    const video = await videos.find(move._id);
    const isWanted = video?.storageClass === move.to && video.restoring === null && video.deletedAt === null;
    const isComplete = isWanted && (await this.#moveObjects(video, move, signal));
    await moves.deleteOne({ _id: move._id });
    if (isComplete) logger.info({ videoId: move._id, from: move.from, to: move.to, bytes: video.bytes }, 'video.classChanged');
    return isComplete;
  }

  /** False if it was stopped by a restore or a deletion. */
  async #moveObjects(video: VideoRow, { from, to }: ClassMove, signal: AbortSignal): Promise<boolean> {
    const { videos, moves, store, clock } = this.#options;
    try {
      for await (const objects of objectsOutside(video, { store, storageClass: to })) {
        const now = await videos.find(video._id);
        if (now?.storageClass !== to || now.restoring !== null || now.deletedAt !== null) return false;
        await moves.updateOne({ _id: video._id }, { $set: { touchedAtMs: clock.nowMs() } });
        await forEachObject(objects, async ({ key }) => {
          signal.throwIfAborted();
          await store.setClass(key, to).catch(ignoreMissing);
        });
      }
      return true;
    } catch (err) {
      // Nothing can be moved: the video is what it was.
      if (isCoded(err, 'storageClass.unsupported')) {
        await videos.moveBack(video._id, { from: to, to: from });
        await moves.deleteOne({ _id: video._id });
      }
      throw err;
    }
  }
}

/** Deleted since the last look. */
export function ignoreMissing(err: unknown): void {
  if (!isCoded(err, 'object.notFound')) throw err;
}
