import { toInstant } from '#engine/kernel';
import type { Caller } from '../access/index.ts';
import { MediaTokens } from './MediaTokens.ts';
import type { MediaTokensOptions } from './MediaTokens.ts';
import type { CatalogVideo, VideoCatalog } from './VideoCatalog.ts';

/** The person who watches. The media URLs stop working when this login ends. */
export type Viewer = Pick<Caller, 'userId' | 'loginId'>;

/** Builds the views of a video, with media URLs that are signed for one viewer. */
export class VideoViews {
  readonly #videoCatalog: VideoCatalog;
  readonly #tokens: MediaTokens;

  constructor(options: MediaTokensOptions & { videoCatalog: VideoCatalog }) {
    this.#videoCatalog = options.videoCatalog;
    this.#tokens = new MediaTokens(options);
  }

  view(video: CatalogVideo, viewer: Viewer & { courseTitle: string }) {
    const { recordingId: _recordingId, posterPath, ...shown } = video;
    const posterUrl = posterPath === null ? null : this.#sign(video, viewer).urlOf(posterPath);
    return { ...shown, courseTitle: viewer.courseTitle, posterUrl };
  }

  async playback(video: CatalogVideo, viewer: Viewer & { courseTitle: string }) {
    const { tracks, chatOffsetSeconds } = await this.#videoCatalog.playback(video.id);
    const { urlOf, expiresAtMs } = this.#sign(video, viewer);
    return {
      video: this.view(video, viewer),
      isLive: video.state === 'live',
      tracks: tracks.map(({ masterPath, ...track }) => ({ ...track, masterUrl: urlOf(masterPath) })),
      chatOffsetSeconds,
      expiresAt: toInstant(expiresAtMs),
    };
  }

  #sign({ lectureId, recordingId }: CatalogVideo, { userId, loginId }: Viewer): { urlOf: (path: string) => string; expiresAtMs: number } {
    const { token, expiresAtMs } = this.#tokens.of({ userId, loginId, lectureId, recordingId });
    return { urlOf: (path) => `/media/${token}/${path}`, expiresAtMs };
  }
}
