import type { AccessPolicy } from '#engine';
import type { VideoId } from '#engine/contract';
import type { Clock } from '#engine/kernel';
import type { MediaGate, MediaViewer, VideoRow, VideoStore } from '#recorder';
import type { LoginStore } from '../accounts/LoginStore.ts';
import { videoPlace } from './recorderVideoCatalog.ts';

/** Decides who may watch by a sharing link. */
export interface SharingLinkGate {
  mayWatchByLink(linkId: string, video: VideoRow): Promise<boolean>;
}

export interface VideoGateOptions {
  videos: Pick<VideoStore, 'find'>;
  logins: Pick<LoginStore, 'isOpen'>;
  policy: Pick<AccessPolicy, 'mayWatchVideo'>;
  /** Without it, no link opens a video. */
  links?: SharingLinkGate;
  clock: Clock;
}

/** The one place that decides who may watch a video now: for its media, by a login or by a sharing link. */
export class VideoGate implements MediaGate {
  readonly #options: VideoGateOptions;

  constructor(options: VideoGateOptions) {
    this.#options = options;
  }

  async mayWatch(viewer: MediaViewer, videoId: VideoId): Promise<boolean> {
    const video = await this.#options.videos.find(videoId);
    return video !== undefined && this.mayWatchVideo(viewer, video);
  }

  async mayWatchVideo(viewer: MediaViewer, video: VideoRow): Promise<boolean> {
    const { logins, policy, links, clock } = this.#options;
    const place = videoPlace(video, clock.nowMs());
    if ('linkId' in viewer) return place.hidden === null && links !== undefined && links.mayWatchByLink(viewer.linkId, video);
    return (await logins.isOpen(viewer)) && policy.mayWatchVideo(viewer.userId, place);
  }
}
