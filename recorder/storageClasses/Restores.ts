// Responsible for bringing archived videos back: one restore for everybody who asks. Owns the collection `restoreRequests`.
import { CodedError } from '#engine/contract';
import { fromInstant, toInstant } from '#engine/kernel';
import type { Clock, Collection, Database, Logger } from '#engine/kernel';
import type { VideoRow } from '../library/VideoRow.ts';
import { maxRestoresPerRun, restoredCopyDays, staleMoveMs } from '../limits.ts';
import type { ListedObject, ObjectStore } from '../storage/index.ts';
import { ignoreMissing } from './ClassMover.ts';
import type { ClassMove } from './ClassMover.ts';
import { forEachObject, objectsOutside } from './moveObjects.ts';
import type { StoredVideos } from './StoredVideos.ts';

/** A person who wants to know when a video is back. */
export interface RestoreRequestRow {
  /** `vid_…:usr_…` */
  _id: string;
  videoId: string;
  userId: string;
  requestedAt: string;
}

export function openRestoreRequests(database: Database): Collection<RestoreRequestRow> {
  return database.collection<RestoreRequestRow>({ name: 'restoreRequests', indexes: [{ keys: { videoId: 1 } }, { keys: { userId: 1 } }] });
}

export interface RestoresOptions {
  videos: StoredVideos;
  requests: Collection<RestoreRequestRow>;
  moves: Collection<ClassMove>;
  store: ObjectStore;
  clock: Clock;
  logger: Logger;
  /** The video can be watched again; these people have asked for it. */
  onRestored?: (video: VideoRow, userIds: string[]) => Promise<void>;
}

/** How an archived video is coming back. */
export interface RestoreOutlook {
  /** ISO 8601; null when nobody has asked. */
  requestedAt: string | null;
  /** How long it takes at most; 0: minutes. */
  restoreHours: number;
  /** ISO 8601: when it is back at the latest. */
  readyBy: string | null;
}

export function outlookOf({ restoring }: Pick<VideoRow, 'restoring'>, { restoreHours }: Pick<ObjectStore, 'restoreHours'>): RestoreOutlook {
  const requestedAt = restoring?.requestedAt ?? null;
  return { requestedAt, restoreHours, readyBy: requestedAt === null ? null : toInstant(fromInstant(requestedAt) + restoreHours * 3600_000) };
}

/** @throws CodedError `video.archived` with the outlook as its details */
export function requireReadable(video: Pick<VideoRow, '_id' | 'storageClass' | 'restoring'>, store: Pick<ObjectStore, 'restoreHours'>): void {
  if (video.storageClass !== 'archive') return;
  const outlook = outlookOf(video, store);
  const time = outlook.restoreHours === 0 ? 'a few minutes' : `up to ${outlook.restoreHours} hours`;
  const message = outlook.requestedAt === null ? `This video is in the archive. It can be watched again ${time} after it is requested.` : `This video is being brought back from the archive. That takes ${time}.`;
  throw new CodedError('video.archived', message, { details: { videoId: video._id, ...outlook } });
}

export class Restores {
  readonly #options: RestoresOptions;

  constructor(options: RestoresOptions) {
    this.#options = options;
  }

  /** Asks for a video on behalf of a person. Changes nothing if it is not archived. @throws CodedError `video.notFound` */
  async request(videoId: string, userId: string): Promise<VideoRow> {
    const { videos, requests, clock, logger } = this.#options;
    const requestedAt = toInstant(clock.nowMs());
    if ((await this.#get(videoId)).storageClass === 'archive') {
      await requests.replaceOne({ _id: `${videoId}:${userId}` }, { videoId, userId, requestedAt }, { upsert: true });
      if (await videos.requestRestore(videoId, requestedAt)) logger.info({ videoId }, 'video.restoreRequested');
    }
    return this.#get(videoId);
  }

  /** Goes on with everything that is being restored. A video that fails does not hold up the others. */
  async run(signal: AbortSignal): Promise<void> {
    const failures: unknown[] = [];
    for (const { _id } of await this.#options.videos.restoring(maxRestoresPerRun)) {
      signal.throwIfAborted();
      await this.advance(_id, signal).catch((err: unknown) => failures.push(err));
    }
    if (failures.length > 0) throw failures[0];
  }

  /** Requests the objects of a video, and moves those that are back. True when all are: then the video can be played. */
  async advance(videoId: string, signal: AbortSignal): Promise<boolean> {
    const { videos, store, clock, logger } = this.#options;
    const video = await videos.find(videoId);
    if (!video?.restoring || video.deletedAt !== null || (await this.#isStillMoving(videoId))) return false;
    let waiting = 0;
    for await (const objects of objectsOutside(video, { store, storageClass: 'standard' })) {
      await forEachObject(objects, async (object) => {
        signal.throwIfAborted();
        if (!(await this.#bringBack(object))) waiting += 1;
      });
    }
    if (waiting > 0) {
      logger.info({ videoId, waiting }, 'video.restoreWaiting');
      return false;
    }
    if (await videos.finishRestore(videoId, toInstant(clock.nowMs()))) await this.#tell(video);
    return true;
  }

  /** False while it is not back. */
  async #bringBack({ key, storageClass }: ListedObject): Promise<boolean> {
    const { store } = this.#options;
    try {
      if (storageClass === 'archive') {
        const { restore } = await store.head(key);
        const isBack = restore === 'restored' || (restore === 'none' && (await store.restore(key, restoredCopyDays)) === 'restored');
        if (!isBack) return false;
      }
      await store.setClass(key, 'standard');
    } catch (err) {
      ignoreMissing(err);
    }
    return true;
  }

  /** A move into the archive ends by itself when it sees the request, unless its process is gone. */
  async #isStillMoving(videoId: string): Promise<boolean> {
    const { moves, clock } = this.#options;
    const move = await moves.findOne({ _id: videoId });
    if (!move) return false;
    if (clock.nowMs() - move.touchedAtMs < staleMoveMs) return true;
    await moves.deleteOne({ _id: videoId });
    return false;
  }

  async #tell(video: VideoRow): Promise<void> {
    const { requests, logger, onRestored } = this.#options;
    const asked = await requests.find({ videoId: video._id });
    logger.info({ videoId: video._id, requests: asked.length }, 'video.restored');
    await onRestored?.(video, asked.map(({ userId }) => userId));
    await requests.deleteMany({ videoId: video._id });
  }

  async #get(videoId: string): Promise<VideoRow> {
    const video = await this.#options.videos.find(videoId);
    if (!video || video.deletedAt !== null) throw new CodedError('video.notFound', 'There is no such video.', { details: { videoId } });
    return video;
  }
}
