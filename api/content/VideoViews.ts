import { toInstant } from '#engine/kernel';
import type { Caller } from '../access/index.ts';
import { MediaTokens } from './MediaTokens.ts';
import type { MediaTokensOptions } from './MediaTokens.ts';
import type { CatalogVideo, VideoCatalog } from './VideoCatalog.ts';

/** Who watches: a person, whose media URLs stop working when this login ends, or people with a sharing link. */
export type Viewer = Pick<Caller, 'userId' | 'loginId'> | { linkId: string };

/** Builds the views of a video, with media URLs that are signed for one viewer. */
export class VideoViews {
  readonly #videoCatalog: VideoCatalog;
  readonly #tokens: MediaTokens;

  constructor(options: MediaTokensOptions & { videoCatalog: VideoCatalog }) {
    this.#videoCatalog = options.videoCatalog;
    this.#tokens = new MediaTokens(options);
  }

  view(video: CatalogVideo, viewer: Viewer & { courseTitle: string }) {
    const { recordingId: _recordingId, hidden: _hidden, kept: _kept, posterPath, storyboardPath, waveformPath, ...shown } = video;
    const isSigned = [posterPath, storyboardPath, waveformPath].some((path) => path !== null);
    const sign = isSigned ? this.#sign(video, viewer).urlOf : undefined;
    const urlOf = (path: string | null) => (path === null || !sign ? null : sign(path));
    return { ...shown, courseTitle: viewer.courseTitle, posterUrl: urlOf(posterPath), storyboardUrl: urlOf(storyboardPath), waveformUrl: urlOf(waveformPath) };
  }

  async playback(video: CatalogVideo, viewer: Viewer & { courseTitle: string }) {
    const { tracks, chatOffsetSeconds } = await this.#videoCatalog.playback(video.id);
    const { urlOf, expiresAtMs } = this.#sign(video, viewer);
    return {
      video: this.view(video, viewer),
      isLive: video.state === 'live',
      tracks: tracks.map(({ masterPath, ...track }) => ({ ...track, masterUrl: urlOf(masterPath) })),
      kept: video.kept?.map(({ startMs, endMs }) => ({ startSeconds: startMs / 1000, endSeconds: endMs / 1000 })) ?? null,
      chatOffsetSeconds,
      expiresAt: toInstant(expiresAtMs),
    };
  }

  #sign({ id, recordingId }: CatalogVideo, viewer: Viewer): { urlOf: (path: string) => string; expiresAtMs: number } {
    const who = 'linkId' in viewer ? { linkId: viewer.linkId } : { userId: viewer.userId, loginId: viewer.loginId };
    const { token, expiresAtMs } = this.#tokens.of({ videoId: id, recordingId, viewer: who });
    return { urlOf: (path) => `/media/${token}/${path}`, expiresAtMs };
  }
}
