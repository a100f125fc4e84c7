import { toInstant } from '#engine/kernel';
import type { Clock, TokenSigner } from '#engine/kernel';
import type { UserId } from '#engine/contract';
import type { ShelfVideo, VideoShelf } from './VideoShelf.ts';

/** Puts together what the pages see of a video, with media URLs signed for one viewer. */
export class VideoViews {
  readonly #shelf: VideoShelf;
  readonly #tokens: TokenSigner;
  readonly #clock: Clock;
  readonly #lifetimeSeconds: number;

  constructor(options: { shelf: VideoShelf; tokens: TokenSigner; clock: Clock; lifetimeSeconds: number }) {
    this.#shelf = options.shelf;
    this.#tokens = options.tokens;
    this.#clock = options.clock;
    this.#lifetimeSeconds = options.lifetimeSeconds;
  }

  view(video: ShelfVideo, viewer: { userId: UserId; courseTitle: string }) {
    const { recordingId: _recordingId, posterPath, ...shown } = video;
    const posterUrl = posterPath === null ? null : this.#sign(video, viewer.userId)(posterPath);
    return { ...shown, courseTitle: viewer.courseTitle, posterUrl };
  }

  async playback(video: ShelfVideo, viewer: { userId: UserId; courseTitle: string }) {
    const { tracks, chatOffsetSeconds } = await this.#shelf.playback(video.id);
    const urlOf = this.#sign(video, viewer.userId);
    return {
      video: this.view(video, viewer),
      isLive: video.state === 'live',
      tracks: tracks.map(({ masterPath, ...track }) => ({ ...track, masterUrl: urlOf(masterPath) })),
      chatOffsetSeconds,
      expiresAt: toInstant(this.#clock.nowMs() + this.#lifetimeSeconds * 1000),
    };
  }

  #sign({ lectureId, recordingId }: ShelfVideo, userId: UserId): (path: string) => string {
    const token = this.#tokens.sign('playback', { userId, lectureId, recordingId }, this.#lifetimeSeconds);
    return (path) => `/media/${token}/${path}`;
  }
}
