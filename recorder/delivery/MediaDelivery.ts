import { CodedError } from '#engine/contract';
import type { Clock, Logger, TokenSigner } from '#engine/kernel';
import type { ObjectStore } from '../storage/ObjectStore.ts';
import { FileDelivery } from './FileDelivery.ts';
import { emptyResponse, isUnchanged } from './mediaResponse.ts';
import type { MediaResponse, MediaRequest } from './mediaResponse.ts';
import { parseMediaPath } from './mediaPath.ts';
import { PlaylistBodies } from './PlaylistBodies.ts';
import type { MediaGate, MediaLocation, PosterLocator, RecordingLibrary } from './RecordingLibrary.ts';
import { WatchPermissions } from './WatchPermissions.ts';
import { finishedPlaylistMaxAgeSeconds } from '../limits.ts';

export interface MediaDeliveryOptions {
  signer: TokenSigner;
  library: RecordingLibrary;
  posters: PosterLocator;
  gate: MediaGate;
  store: ObjectStore;
  clock: Clock;
  logger: Logger;
  /** Redirect to a pre-signed URL of the store, if the store has them. */
  isRedirecting: boolean;
}

const playlistType = 'application/vnd.apple.mpegurl';

/**
 * Serves playlists, segments and posters by signed URL, to callers that may still watch. Owns the caches of permissions,
 * playlists and segments.
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

  /**
   * @throws CodedError `auth.invalid`, `auth.expired`, `access.denied`, `lecture.notFound`, `object.notFound`, `object.corrupt`,
   * `store.unavailable`, `database.unavailable`
   */
  async serve(request: MediaRequest): Promise<MediaResponse> {
    if (request.method !== 'GET' && request.method !== 'HEAD') return emptyResponse(405, { allow: 'GET, HEAD' });
    const { recordingId, ...viewer } = this.#options.signer.verify('playback', request.token);
    const requested = parseMediaPath(request.path);
    await this.#permissions.require(viewer);
    if (requested === undefined) throw notFound();
    if (requested.kind === 'playlist') return this.#playlist(request, recordingId, requested.name);
    const locate = (): Promise<MediaLocation | undefined> =>
      requested.kind === 'poster' ? this.#options.posters.locatePoster(recordingId) : this.#options.library.locate(recordingId, requested.path);
    const response = await this.#files.respond(request, requested, locate);
    if (!response) throw notFound();
    return response;
  }

  /** Forgets a viewer's permission: the next request asks the gate again. */
  forget(userId: string, lectureId: string): void {
    this.#permissions.forget(userId, lectureId);
  }

  /** Forgets what a person may watch: their rights have changed. */
  forgetUser(userId: string): void {
    this.#permissions.forgetUser(userId);
  }

  /** Forgets all permissions: changes may have been missed. */
  forgetAll(): void {
    this.#permissions.forgetAll();
  }

  /** Forgets the permissions of a login that has ended. */
  forgetLogin(loginId: string): void {
    this.#permissions.forgetLogin(loginId);
  }

  async #playlist(request: MediaRequest, recordingId: string, name: string): Promise<MediaResponse> {
    const isDelta = request.query?._HLS_skip === 'YES';
    const playlist = await this.#options.library.playlist(recordingId, name, isDelta);
    if (!playlist) throw notFound();
    const body = this.#playlists.of(`${recordingId}/${name}${isDelta ? '?delta' : ''}`, playlist.text);
    const headers: Record<string, string> = {
      'content-type': playlistType,
      'cache-control': playlist.isFinished ? `private, max-age=${finishedPlaylistMaxAgeSeconds}` : 'private, no-cache',
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

function notFound(): CodedError {
  return new CodedError('object.notFound', 'There is no such file in this recording.');
}

/** `q=0` means not acceptable (RFC 9110 §12.5.3). */
function acceptsGzip(acceptEncoding = ''): boolean {
  return acceptEncoding.split(',').some((entry) => /^\s*(gzip|\*)\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/i.test(entry));
}
