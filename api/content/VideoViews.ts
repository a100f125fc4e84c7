import { toInstant } from '#engine/kernel';
import type { Clock, TokenSigner } from '#engine/kernel';
import type { Caller } from '../access/index.ts';
import type { CatalogVideo, VideoCatalog } from './VideoCatalog.ts';

/** The person who watches, and the login that the media URLs belong to. */
export type Viewer = Pick<Caller, 'userId' | 'loginId'>;

/** Builds the views of a video, with media URLs that are signed for one viewer. */
export class VideoViews {
  readonly #videoCatalog: VideoCatalog;
  readonly #tokens: TokenSigner;
  readonly #clock: Clock;
  readonly #lifetimeSeconds: number;

  constructor(options: { videoCatalog: VideoCatalog; tokens: TokenSigner; clock: Clock; lifetimeSeconds: number }) {
    this.#videoCatalog = options.videoCatalog;
    this.#tokens = options.tokens;
    this.#clock = options.clock;
    this.#lifetimeSeconds = options.lifetimeSeconds;
  }

  view(video: CatalogVideo, viewer: Viewer & { courseTitle: string }) {
    const { recordingId: _recordingId, posterPath, ...shown } = video;
    const posterUrl = posterPath === null ? null : this.#sign(video, viewer)(posterPath);
    return { ...shown, courseTitle: viewer.courseTitle, posterUrl };
  }

  async playback(video: CatalogVideo, viewer: Viewer & { courseTitle: string }) {
    const { tracks, chatOffsetSeconds } = await this.#videoCatalog.playback(video.id);
    const urlOf = this.#sign(video, viewer);
    return {
      video: this.view(video, viewer),
      isLive: video.state === 'live',
      tracks: tracks.map(({ masterPath, ...track }) => ({ ...track, masterUrl: urlOf(masterPath) })),
      chatOffsetSeconds,
      expiresAt: toInstant(this.#clock.nowMs() + this.#lifetimeSeconds * 1000),
    };
  }

  #sign({ lectureId, recordingId }: CatalogVideo, { userId, loginId }: Viewer): (path: string) => string {
    const token = this.#tokens.sign('playback', { userId, loginId, lectureId, recordingId }, this.#lifetimeSeconds);
    return (path) => `/media/${token}/${path}`;
  }
}
