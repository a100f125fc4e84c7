import { CodedError } from '#engine/contract';
import type { Clock, Logger, TokenSigner } from '#engine/kernel';
import type { ObjectStore } from '../storage/ObjectStore.ts';
import { FileDelivery } from './FileDelivery.ts';
import { emptyResponse, isUnchanged, problemResponse } from './mediaResponse.ts';
import type { MediaResponse, MediaRequest } from './mediaResponse.ts';
import { parseMediaPath } from './mediaPath.ts';
import { PlaylistBodies } from './PlaylistBodies.ts';
import type { MediaGate, MediaLocation, PosterLocator, RecordingLibrary } from './RecordingLibrary.ts';
import { WatchPermissions } from './WatchPermissions.ts';

export interface MediaDeliveryOptions {
  signer: TokenSigner;
  library: RecordingLibrary;
  posters: PosterLocator;
  gate: MediaGate;
  store: ObjectStore;
  clock: Clock;
  logger: Logger;
  /** Browsers are sent to the store, where it has addresses for them. */
  isRedirecting: boolean;
}

const playlistType = 'application/vnd.apple.mpegurl';

/**
 * Serves what the signed addresses of recordings stand for. Responsible for each request being made by someone who may
 * still watch; asks the library for playlists and places. Owns what it remembers of viewers and playlists.
 */
export class MediaDelivery {
  readonly #options: MediaDeliveryOptions;
  readonly #permissions: WatchPermissions;
  readonly #files: FileDelivery;
  readonly #playlists = new PlaylistBodies();

  constructor(options: MediaDeliveryOptions) {
    this.#options = options;
    this.#permissions = new WatchPermissions(options.gate, options.clock);
    this.#files = new FileDelivery(options);
  }

  /** Expected failures are answers; what it throws is a bug. */
  async serve(request: MediaRequest): Promise<MediaResponse> {
    try {
      return await this.#answer(request);
    } catch (err) {
      if (!(err instanceof CodedError)) throw err;
      if (err.code !== 'object.notFound') this.#options.logger.debug({ err, code: err.code }, 'media.refused');
      const answer = problemResponse(err);
      return request.method === 'HEAD' ? { ...answer, body: null } : answer;
    }
  }

  /** After a removal: the next request asks again. */
  forget(userId: string, lectureId: string): void {
    this.#permissions.forget(userId, lectureId);
  }

  async #answer(request: MediaRequest): Promise<MediaResponse> {
    if (request.method !== 'GET' && request.method !== 'HEAD') return emptyResponse(405, { allow: 'GET, HEAD' });
    const { userId, lectureId, recordingId } = this.#options.signer.verify('playback', request.token);
    const asked = parseMediaPath(request.path);
    await this.#permissions.require({ userId, lectureId });
    if (asked === undefined) throw absent();
    if (asked.kind === 'playlist') return this.#playlist(request, recordingId, asked.name);
    const locate = (): Promise<MediaLocation | undefined> =>
      asked.kind === 'poster' ? this.#options.posters.locatePoster(recordingId) : this.#options.library.locate(recordingId, asked.path);
    const answer = await this.#files.respond(request, asked, locate);
    if (!answer) throw absent();
    return answer;
  }

  async #playlist(request: MediaRequest, recordingId: string, name: string): Promise<MediaResponse> {
    const isDelta = request.query?._HLS_skip === 'YES';
    const playlist = await this.#options.library.playlist(recordingId, name, isDelta);
    if (!playlist) throw absent();
    const body = this.#playlists.of(`${recordingId}/${name}${isDelta ? '?delta' : ''}`, playlist.text);
    const headers: Record<string, string> = {
      'content-type': playlistType,
      'cache-control': playlist.isFinished ? 'private, max-age=10' : 'private, no-cache',
      etag: body.etag,
      vary: 'Accept-Encoding',
    };
    if (isUnchanged(request.ifNoneMatch, body.etag)) return emptyResponse(304, headers);
    const isCompressed = acceptsGzip(request.acceptEncoding);
    const bytes = isCompressed ? await body.compressed() : body.plain;
    if (isCompressed) headers['content-encoding'] = 'gzip';
    headers['content-length'] = String(bytes.length);
    return { status: 200, headers, body: request.method === 'HEAD' ? null : bytes };
  }
}

function absent(): CodedError {
  return new CodedError('object.notFound', 'There is no such file in this recording.');
}

/** `q=0` refuses it (RFC 9110 §12.5.3). */
function acceptsGzip(acceptEncoding = ''): boolean {
  return acceptEncoding.split(',').some((entry) => /^\s*(gzip|\*)\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/i.test(entry));
}
