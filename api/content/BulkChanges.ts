import type { AccessPolicy } from '#engine';
import { isCoded } from '#engine/contract';
import type { CourseAction, UserId, VideoId } from '#engine/contract';
import type { Logger } from '#engine/kernel';
import type { TranscodeRequests } from '#recorder';
import type { Caller } from '../access/index.ts';
import { maxListedVideos, maxTags } from '../contract/index.ts';
import type { BulkAction } from '../contract/index.ts';
import type { Removal } from '../removal/Removal.ts';
import type { VideoCatalog } from './VideoCatalog.ts';
import type { VideoEdits } from './VideoEdits.ts';

export interface BulkChangesOptions {
  edits: VideoEdits;
  videoCatalog: Pick<VideoCatalog, 'get'>;
  removal: Pick<Removal, 'delete' | 'restore'>;
  transcodes: Pick<TranscodeRequests, 'request'>;
  policy: AccessPolicy;
  logger: Logger;
}

export interface BulkResult {
  videoId: VideoId;
  problem: { code: string; message: string } | null;
}

type BulkCaller = Pick<Caller, 'userId' | 'roles' | 'scopes'>;
type Change = (videoId: VideoId) => Promise<unknown>;

/** Does the same to several videos, one after the other. What is refused for one of them does not stop the others. */
export class BulkChanges {
  readonly #options: BulkChangesOptions;

  constructor(options: BulkChangesOptions) {
    this.#options = options;
  }

  async run(caller: BulkCaller, videoIds: readonly VideoId[], action: BulkAction): Promise<BulkResult[]> {
    const change = this.#changeOf(action, caller.userId);
    const needed = action.kind === 'delete' || action.kind === 'restore' ? 'video.delete' : 'video.manage';
    const results = new Map<VideoId, BulkResult['problem']>();
    for (const videoId of inOrderOf(action, [...new Set(videoIds)])) results.set(videoId, await this.#problemOf(videoId, { caller, needed, change }));
    return videoIds.map((videoId) => ({ videoId, problem: results.get(videoId) ?? null }));
  }

  #changeOf(action: BulkAction, userId: UserId): Change {
    const { edits, removal, transcodes } = this.#options;
    switch (action.kind) {
      case 'visibility':
        return (videoId) => edits.update(videoId, { visibility: action.visibility });
      case 'download':
        return (videoId) => edits.update(videoId, { isDownloadable: action.isDownloadable });
      case 'category':
        return (videoId) => edits.update(videoId, { categoryId: action.categoryId });
      case 'tags':
        return (videoId) => edits.changeTags(videoId, { ...action, max: maxTags });
      case 'move':
        return (videoId) => edits.move(videoId, action.to === 'first' ? 0 : maxListedVideos);
      case 'transcode':
        return (videoId) => transcodes.request(videoId, undefined);
      case 'delete':
        return (videoId) => removal.delete(videoId, userId);
      case 'restore':
        return (videoId) => removal.restore(videoId);
    }
  }

  async #problemOf(videoId: VideoId, { caller, needed, change }: { caller: BulkCaller; needed: CourseAction; change: Change }): Promise<BulkResult['problem']> {
    const { policy, videoCatalog, logger } = this.#options;
    try {
      await policy.requireForVideo(caller.userId, await videoCatalog.get(videoId), needed, { isAdminAllowed: caller.scopes === undefined || caller.roles.includes('admin') });
      await change(videoId);
      return null;
    } catch (err) {
      if (isCoded(err)) return { code: err.code, message: err.message };
      logger.error({ err, videoId }, 'video.bulkChangeFailed');
      return { code: 'internal', message: 'Something went wrong on the server. Try again.' };
    }
  }
}

/** Several videos that are moved to the front keep their order: the last one goes first. */
function inOrderOf(action: BulkAction, videoIds: readonly VideoId[]): readonly VideoId[] {
  return action.kind === 'move' && action.to === 'first' ? videoIds.toReversed() : videoIds;
}
