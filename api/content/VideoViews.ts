import { toInstant } from '#engine/kernel';
import type { Clock, TokenSigner } from '#engine/kernel';
import type { UserId } from '#engine/contract';
import type { CatalogVideo, VideoCatalog } from './VideoCatalog.ts';

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

  view(video: CatalogVideo, viewer: { userId: UserId; courseTitle: string }) {
    const { recordingId: _recordingId, posterPath, ...shown } = video;
    const posterUrl = posterPath === null ? null : this.#sign(video, viewer.userId)(posterPath);
    return { ...shown, courseTitle: viewer.courseTitle, posterUrl };
  }

  async playback(video: CatalogVideo, viewer: { userId: UserId; courseTitle: string }) {
    const { tracks, chatOffsetSeconds } = await this.#videoCatalog.playback(video.id);
    const urlOf = this.#sign(video, viewer.userId);
    return {
      video: this.view(video, viewer),
      isLive: video.state === 'live',
      tracks: tracks.map(({ masterPath, ...track }) => ({ ...track, masterUrl: urlOf(masterPath) })),
      chatOffsetSeconds,
      expiresAt: toInstant(this.#clock.nowMs() + this.#lifetimeSeconds * 1000),
    };
  }

  #sign({ lectureId, recordingId }: CatalogVideo, userId: UserId): (path: string) => string {
    const token = this.#tokens.sign('playback', { userId, lectureId, recordingId }, this.#lifetimeSeconds);
    return (path) => `/media/${token}/${path}`;
  }
}
