import { CodedError } from '#engine/contract';
import type { PlaybackClaims } from '#engine/contract';
import type { Clock, Logger, TokenSigner } from '#engine/kernel';
import type { ByteRange, ObjectStore } from '../storage/ObjectStore.ts';
import { sha256OfBytes } from '../storage/sha256.ts';
import { FileDelivery } from './FileDelivery.ts';
import { emptyResponse, isUnchanged } from './mediaResponse.ts';
import type { MediaResponse, MediaRequest } from './mediaResponse.ts';
import { parseMediaPath } from './mediaPath.ts';
import type { CaptionPlaylistPath, MediaPath } from './mediaPath.ts';
import { playlistOfFile } from './playlistOfFile.ts';
import { PlaylistBodies } from './PlaylistBodies.ts';
import type { PlaylistBody } from './PlaylistBodies.ts';
import { firstVariant, withSubtitles } from '../hls/subtitlePlaylist.ts';
import type { CaptionLibrary, MediaEdit, MediaEdits, MediaGate, MediaLocation, PlaylistText, PosterLocator, RecordingLibrary, VideoMediaLibrary } from './RecordingLibrary.ts';
import { WatchPermissions } from './WatchPermissions.ts';

export interface MediaDeliveryOptions {
  signer: TokenSigner;
  library: RecordingLibrary;
  renditions: VideoMediaLibrary;
  posters: PosterLocator;
  captions: CaptionLibrary;
  edits: MediaEdits;
  gate: MediaGate;
  store: ObjectStore;
  clock: Clock;
  logger: Logger;
  /** Redirect to a pre-signed URL of the store, if the store has them. */
  isRedirecting: boolean;
}

type MediaPlaylistPath = MediaPath & { kind: 'playlist' | 'videoPlaylist' };
type RequestedPlaylist = MediaPlaylistPath | CaptionPlaylistPath;
type CaptionFilePath = MediaPath & { kind: 'captionFile' };
type RequestedFile = Exclude<MediaPath, RequestedPlaylist | CaptionFilePath>;

/** The video of a token. */
type Watched = Pick<PlaybackClaims, 'videoId' | 'recordingId'>;

/** No cookie is the permission to fetch media, so pages of other origins may. */
const forEveryOrigin = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'Content-Length, Content-Range, ETag', 'cross-origin-resource-policy': 'cross-origin' };

const playlistType = 'application/vnd.apple.mpegurl';

/**
 * Serves playlists, segments and images by signed URL, to callers that may still watch. Owns the caches of permissions,
 * playlists and segments.
 */
export class MediaDelivery {
  readonly #options: MediaDeliveryOptions;
  readonly #permissions: WatchPermissions;
  readonly #files: FileDelivery;
  readonly #playlists = new PlaylistBodies();
  readonly #texts = new PlaylistBodies();

  constructor(options: MediaDeliveryOptions) {
    this.#options = options;
    this.#permissions = new WatchPermissions(options.gate, options.clock);
    this.#files = new FileDelivery(options);
  }

  /**
   * @throws CodedError `auth.invalid`, `auth.expired`, `access.denied`, `lecture.notFound`, `object.notFound`, `video.edited`, `object.corrupt`,
   * `store.unavailable`, `database.unavailable`
   */
  async serve(request: MediaRequest): Promise<MediaResponse> {
    if (request.method !== 'GET' && request.method !== 'HEAD') return emptyResponse(405, { allow: 'GET, HEAD' });
    const { viewer, ...watched } = this.#options.signer.verify('playback', request.token);
    await this.#permissions.require(viewer, watched.videoId);
    if (!('linkId' in viewer)) return this.#serve(request, watched);
    // Players on every origin open a link. The store allows the origin of this site only, so nothing is redirected there.
    const response = await this.#serve({ ...request, mayRedirect: false }, watched);
    return { ...response, headers: { ...response.headers, ...forEveryOrigin } };
  }

  async #serve(request: MediaRequest, watched: Watched): Promise<MediaResponse> {
    const requested = parseMediaPath(request.path);
    if (requested === undefined) throw notFound();
    if (requested.kind === 'playlist' || requested.kind === 'videoPlaylist' || requested.kind === 'captionPlaylist') return this.#playlist(request, requested, watched);
    if (requested.kind === 'captionFile') return this.#captionFile(request, requested, watched);
    if (requested.kind === 'videoImage') {
      const edit = await this.#options.edits.of(watched.videoId);
      if (edit) return this.#editedImage(request, requested, edit);
    }
    const asked = askedPiece(request.query);
    if (asked && (requested.kind === 'segment' || requested.kind === 'videoSegment')) return this.#piece(request, requested, { watched, asked });
    const response = await this.#files.respond(request, requested, () => this.#locate(requested, watched));
    if (!response) throw notFound();
    return response;
  }

  /** What is left of a segment of audio that is cut in part. @throws CodedError `video.edited` */
  async #piece({ ifNoneMatch, method }: MediaRequest, requested: RequestedFile & { kind: 'segment' | 'videoSegment' }, { watched, asked }: { watched: Watched; asked: AskedPiece }): Promise<MediaResponse> {
    const listed = playlistOfFile(requested);
    const [edit, playlist] = [await this.#options.edits.of(watched.videoId), listed && (await this.#uncutText(listed, watched, false))];
    if (!edit || !playlist) throw notFound();
    const piece = edit.piece({ path: requested.path, playlist }, asked);
    const read = async (path: string, range?: ByteRange) => {
      const found = await this.#files.read(() => this.#locateUncut({ ...requested, path }, watched), range);
      if (!found) throw notFound();
      return found;
    };
    const body = Buffer.from(await piece.make({ init: await read(piece.init), segment: await read(requested.path, piece.bytes) }));
    return madeResponse({ body, contentType: requested.contentType, ifNoneMatch, method });
  }

  /** Forgets what a person may watch: their rights have changed. */
  forgetUser(userId: string): void {
    this.#permissions.forgetUser(userId);
  }

  /** Forgets all permissions: changes may have been missed. */
  forgetAll(): void {
    this.#permissions.forgetAll();
    this.#options.captions.forgetAll();
    this.#options.edits.forgetAll();
  }

  /** Forgets the permissions of a login that has ended. */
  forgetLogin(loginId: string): void {
    this.#permissions.forgetLogin(loginId);
  }

  /** Forgets who may watch a video, and what is cut of it: that has changed. */
  forgetVideo(videoId: string): void {
    this.#permissions.forgetVideo(videoId);
    this.#options.captions.forget(videoId);
    this.#options.edits.forget(videoId);
  }

  /** Forgets the permissions of a sharing link. */
  forgetLink(linkId: string): void {
    this.#permissions.forgetLink(linkId);
  }

  async #editedImage({ ifNoneMatch, method }: MediaRequest, { path, contentType }: RequestedFile & { kind: 'videoImage' }, edit: MediaEdit): Promise<MediaResponse> {
    const body = await edit.image(path);
    if (!body) throw notFound();
    return madeResponse({ body, contentType, ifNoneMatch, method });
  }

  /** @throws CodedError `video.edited` for what is cut */
  async #locate(requested: RequestedFile, watched: Watched): Promise<MediaLocation | undefined> {
    const location = await this.#locateUncut(requested, watched);
    const listed = playlistOfFile(requested);
    const edit = location && listed && (await this.#options.edits.of(watched.videoId));
    if (!edit || !('path' in requested)) return location;
    const playlist = await this.#uncutText(listed, watched, false);
    return playlist && edit.restrict(location, { path: requested.path, playlist });
  }

  async #locateUncut(requested: RequestedFile, { videoId, recordingId }: Watched): Promise<MediaLocation | undefined> {
    const { posters, library, renditions } = this.#options;
    if (requested.kind === 'poster') return posters.locatePoster(videoId);
    if (requested.kind !== 'segment') return renditions.locate(videoId, requested.path);
    return recordingId === null ? undefined : library.locate(recordingId, requested.path);
  }

  async #playlistText(requested: RequestedPlaylist, watched: Watched, isDelta: boolean): Promise<PlaylistText | undefined> {
    if (requested.kind !== 'captionPlaylist') return this.#withCaptions(requested, watched, await this.#mediaText(requested, watched, isDelta));
    const { captionId, beside } = requested;
    const media = await this.#mediaText(beside, watched, false);
    const text = media && (await this.#options.captions.playlist(watched.videoId, captionId, media.text));
    return text === undefined ? undefined : { text, isFinished: true };
  }

  async #mediaText(requested: MediaPlaylistPath, watched: Watched, isDelta: boolean): Promise<PlaylistText | undefined> {
    const edit = await this.#options.edits.of(watched.videoId);
    const playlist = await this.#uncutText(requested, watched, isDelta && edit === undefined);
    return playlist && edit ? { ...playlist, text: edit.playlist(playlist.text, playlist.isAudio) } : playlist;
  }

  async #uncutText({ kind, name }: MediaPlaylistPath, { videoId, recordingId }: Watched, isDelta: boolean): Promise<PlaylistText | undefined> {
    if (kind === 'videoPlaylist') return this.#options.renditions.playlist(videoId, name);
    return recordingId === null ? undefined : this.#options.library.playlist(recordingId, name, isDelta);
  }

  /** The multivariant playlist of the camera or the upload lists the captions of the video. */
  async #withCaptions({ kind, name }: MediaPlaylistPath, { videoId }: Watched, playlist: PlaylistText | undefined): Promise<PlaylistText | undefined> {
    const beside = playlist && name === 'main.m3u8' ? firstVariant(playlist.text) : undefined;
    if (!playlist || beside === undefined) return playlist;
    const tracks = await this.#options.captions.tracks(videoId);
    const uriOf = (captionId: string) => (kind === 'videoPlaylist' ? `../c/${captionId}/v/${beside}` : `c/${captionId}/${beside}`);
    return { ...playlist, text: withSubtitles(playlist.text, tracks.map(({ id, language, label }) => ({ language, label, uri: uriOf(id) }))) };
  }

  async #captionFile(request: MediaRequest, { captionId, name }: CaptionFilePath, { videoId }: Watched): Promise<MediaResponse> {
    const file = await this.#options.captions.file(videoId, captionId, name);
    if (!file) throw notFound();
    const body = this.#texts.of(`${videoId}/${captionId}/${name}`, file.text);
    return bodyResponse(request, body, { 'content-type': file.contentType, 'cache-control': 'private, no-cache' });
  }

  async #playlist(request: MediaRequest, requested: RequestedPlaylist, watched: Watched): Promise<MediaResponse> {
    const isDelta = request.query?._HLS_skip === 'YES';
    const playlist = await this.#playlistText(requested, watched, isDelta);
    if (!playlist) throw notFound();
    const body = this.#playlists.of(`${watched.videoId}/${requested.kind}/${nameOf(requested)}${isDelta ? '?delta' : ''}`, playlist.text);
    return bodyResponse(request, body, // That of a finished recording changes when something is cut.
      { 'content-type': playlistType, 'cache-control': 'private, no-cache' });
  }
}

function nameOf(requested: RequestedPlaylist): string {
  return requested.kind === 'captionPlaylist' ? `${requested.captionId}/${requested.beside.kind}/${requested.beside.name}` : requested.name;
}

async function bodyResponse(request: MediaRequest, body: PlaylistBody, ofContent: Record<string, string>): Promise<MediaResponse> {
  const headers: Record<string, string> = { ...ofContent, etag: body.etag, vary: 'Accept-Encoding' };
  if (isUnchanged(request.ifNoneMatch, body.etag)) return emptyResponse(304, headers);
  const isCompressed = acceptsGzip(request.acceptEncoding);
  const bytes = isCompressed ? await body.compressed() : body.plain;
  if (isCompressed) headers['content-encoding'] = 'gzip';
  headers['content-length'] = String(bytes.length);
  return { status: 200, headers, body: request.method === 'HEAD' ? null : bytes };
}

interface AskedPiece {
  startMs: number;
  endMs: number;
  bytes: ByteRange | undefined;
}

/** Of an address as `trimmedAddress` writes it. */
function askedPiece(query: MediaRequest['query']): AskedPiece | undefined {
  const { from, to, bytes } = query ?? {};
  const range = typeof bytes === 'string' ? /^(\d{1,15})-(\d{1,15})$/.exec(bytes) : null;
  if (typeof from !== 'string' || typeof to !== 'string') return undefined;
  return { startMs: Number(from), endMs: Number(to), bytes: range ? { first: Number(range[1]), last: Number(range[2]) } : undefined };
}

/** What is made for a request. It changes with what is cut. */
function madeResponse({ body, contentType, ifNoneMatch, method }: { body: Buffer; contentType: string } & Pick<MediaRequest, 'ifNoneMatch' | 'method'>): MediaResponse {
  const etag = `"${sha256OfBytes(body).slice(0, 32)}"`;
  const headers = { 'content-type': contentType, 'cache-control': 'private, no-cache', 'x-content-type-options': 'nosniff', etag };
  if (isUnchanged(ifNoneMatch, etag)) return emptyResponse(304, headers);
  return { status: 200, headers: { ...headers, 'content-length': String(body.length) }, body: method === 'HEAD' ? null : body };
}

function notFound(): CodedError {
  return new CodedError('object.notFound', 'There is no such file in this video.');
}

/** `q=0` means not acceptable (RFC 9110 §12.5.3). */
function acceptsGzip(acceptEncoding = ''): boolean {
  return acceptEncoding.split(',').some((entry) => /^\s*(gzip|\*)\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/i.test(entry));
}
