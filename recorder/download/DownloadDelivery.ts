// Responsible for downloads: a video as one MP4 that is laid out from its segments when it is requested. Owns the heads of the files
// that were requested last.
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { LRUCache } from 'lru-cache';
import { CodedError } from '#engine/contract';
import type { FileClaims } from '#engine/contract';
import { limitConcurrency } from './limitConcurrency.ts';
import type { Clock, TokenSigner } from '#engine/kernel';
import { emptyResponse, isUnchanged } from '../delivery/mediaResponse.ts';
import type { MediaRequest, MediaResponse } from '../delivery/mediaResponse.ts';
import type { MediaGate, MediaLocation, RecordingLibrary } from '../delivery/RecordingLibrary.ts';
import { requestedRange } from '../delivery/requestedRange.ts';
import { editOf } from '../edits/index.ts';
import type { RecordingListing } from '../hls/mediaPlaylist.ts';
import type { VideoRow, VideoStore } from '../library/index.ts';
import { downloadHeadCacheBytes, downloadRecheckMs, maxDownloadLayouts } from '../limits.ts';
import type { VideoMedia } from '../renditions/index.ts';
import type { ObjectStore } from '../storage/ObjectStore.ts';
import { recordingTracksOf, renditionTracksOf } from './downloadSources.ts';
import { dispositionOf } from './fileName.ts';
import { layOutMovie } from './layOutMovie.ts';
import type { ReadFilePart, SourceTrack, VirtualMovie } from './layOutMovie.ts';
import { readMovie } from './readMovie.ts';

/** The recordings, with the rows of their files. */
export interface DownloadLibrary extends Pick<RecordingLibrary, 'locate'> {
  /** Undefined while another node has some of its segments. */
  listing(recordingId: string): Promise<RecordingListing | undefined>;
}

export interface DownloadDeliveryOptions {
  signer: TokenSigner;
  gate: MediaGate;
  videos: Pick<VideoStore, 'find'>;
  library: DownloadLibrary;
  renditions: Pick<VideoMedia, 'manifest'>;
  store: ObjectStore;
  clock: Clock;
}

interface Source {
  tracks: SourceTrack[];
  read: ReadFilePart;
}

/** Part of every entity tag: it changes when the same segments are laid out in another way. */
const layoutVersion = 1;

export class DownloadDelivery {
  readonly #options: DownloadDeliveryOptions;
  readonly #movies = new LRUCache<string, VirtualMovie>({ maxSize: downloadHeadCacheBytes, sizeCalculation: ({ head }) => head.length });
  readonly #layingOut = new Map<string, Promise<VirtualMovie>>();
  readonly #limit = limitConcurrency(maxDownloadLayouts);

  constructor(options: DownloadDeliveryOptions) {
    this.#options = options;
  }

  /**
   * Answers GET and HEAD of the whole file or a range of it. Several ranges are answered with the whole file (RFC 9110 §14.2).
   * @throws CodedError `auth.invalid`, `auth.expired`, `access.denied`, `video.notFound`, `video.notReady`, `video.notDownloadable`,
   * `video.mixedFormats`, `object.notFound`, `object.corrupt`, `store.unavailable`
   */
  async serve(request: MediaRequest): Promise<MediaResponse> {
    if (request.method !== 'GET' && request.method !== 'HEAD') return emptyResponse(405, { allow: 'GET, HEAD' });
    const claims = this.#options.signer.verify('file', request.token);
    const video = await this.#require(claims);
    const source = await this.#sourceOf(video, claims);
    const etag = etagOf(source.tracks);
    const headers = {
      'content-type': 'video/mp4',
      'content-disposition': dispositionOf(video.title),
      'cache-control': 'private, no-cache',
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
      etag,
    };
    if (isUnchanged(request.ifNoneMatch, etag)) return emptyResponse(304, headers);
    const movie = await this.#movie(etag, source);
    const isRangeValid = request.ifRange === undefined || request.ifRange === etag;
    const range = isRangeValid && request.method === 'GET' ? requestedRange(request.range, movie.bytes) : undefined;
    if (range === 'unsatisfiable') return emptyResponse(416, { ...headers, 'content-range': `bytes */${movie.bytes}` });
    const { first, last } = range ?? { first: 0, last: movie.bytes - 1 };
    const answer = { ...headers, 'content-length': String(last - first + 1), ...(range && { 'content-range': `bytes ${first}-${last}/${movie.bytes}` }) };
    const body = request.method === 'HEAD' ? null : readMovie(movie, { first, last }, this.#checked(source.read, claims));
    return { status: range ? 206 : 200, headers: answer, body };
  }

  /** A file of hours is sent for minutes. It ends soon after the right to it does. */
  #checked(read: ReadFilePart, claims: FileClaims): ReadFilePart {
    const { clock } = this.#options;
    let checkedAtMs = clock.nowMs();
    return async (part) => {
      if (clock.nowMs() - checkedAtMs >= downloadRecheckMs) {
        checkedAtMs = clock.nowMs();
        await this.#require(claims);
      }
      return read(part);
    };
  }

  async #require({ viewer, videoId, isManager }: FileClaims): Promise<VideoRow> {
    const { gate, videos } = this.#options;
    const video = await videos.find(videoId);
    if (!video || video.deletedAt !== null) throw new CodedError('video.notFound', 'There is no such video.');
    if (!(await gate.mayWatch(viewer, videoId))) throw new CodedError('access.denied', 'You cannot watch this video. Ask the instructor of the course for access.');
    if (!video.isDownloadable && !isManager) throw new CodedError('video.notDownloadable', 'Downloads of this video are turned off.');
    if (video.state === 'live') throw new CodedError('video.notReady', 'This lecture is still being recorded. Download it when it has ended.');
    return video;
  }

  /** Its renditions; those of a recording that has none yet are its own segments. */
  async #sourceOf({ manifest, recordingId, cuts, clipOf }: VideoRow, { view, heightPx }: FileClaims): Promise<Source> {
    const { renditions, library, store } = this.#options;
    const wanted = { view, heightPx: heightPx ?? undefined, edit: editOf({ cuts, clipOf }) };
    if (manifest) {
      const read: ReadFilePart = ({ file, offset, bytes }) => readStored(store, file, { offset, bytes });
      return { tracks: renditionTracksOf(await renditions.manifest(manifest), wanted), read };
    }
    const listing = recordingId === null ? undefined : await library.listing(recordingId);
    if (!listing || recordingId === null) throw new CodedError('video.notReady', 'This video is being prepared. Try again in a few minutes.');
    const read: ReadFilePart = async ({ file, offset, bytes }) => this.#readRecorded(recordingId, file, { offset, bytes });
    return { tracks: recordingTracksOf(listing, wanted), read };
  }

  async #readRecorded(recordingId: string, file: string, part: Part): Promise<Uint8Array> {
    const { library, store } = this.#options;
    const read = async (location: MediaLocation | undefined) => {
      if (!location) throw new CodedError('object.notFound', 'A part of this recording is lost.');
      return location.kind === 'stored' ? readStored(store, location.key, part) : readSpooled(location.file, part);
    };
    // It was in the spool when it was located, and has been stored and removed since.
    return (await read(await library.locate(recordingId, file))) ?? (await read(await library.locate(recordingId, file))) ?? missing();
  }

  async #movie(etag: string, { tracks, read }: Source): Promise<VirtualMovie> {
    const known = this.#movies.get(etag) ?? this.#layingOut.get(etag);
    if (known) return known;
    const layingOut = this.#limit(() => layOutMovie(tracks, read)).finally(() => this.#layingOut.delete(etag));
    this.#layingOut.set(etag, layingOut);
    const movie = await layingOut;
    this.#movies.set(etag, movie);
    return movie;
  }
}

interface Part {
  offset: number;
  bytes: number;
}

async function readStored(store: ObjectStore, key: string, { offset, bytes }: Part): Promise<Uint8Array> {
  const { body } = await store.get(key, { range: { first: offset, last: offset + bytes - 1 } });
  return complete(await buffer(body), bytes, key);
}

/** Undefined when the file has moved to the store. */
async function readSpooled(file: string, { offset, bytes }: Part): Promise<Uint8Array | undefined> {
  const handle = await open(file, 'r').catch((err: NodeJS.ErrnoException) => {
    if (err.code === 'ENOENT') return undefined;
    throw new CodedError('store.unavailable', 'A recorded file cannot be read at the moment.', { cause: err });
  });
  if (!handle) return undefined;
  try {
    const { buffer: content, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, offset);
    return complete(content.subarray(0, bytesRead), bytes, file);
  } finally {
    await handle.close();
  }
}

function complete(content: Uint8Array, bytes: number, name: string): Uint8Array {
  if (content.length === bytes) return content;
  throw new CodedError('object.corrupt', 'A part of this video is damaged.', { cause: new Error(`${name} ends early`) });
}

function missing(): never {
  throw new CodedError('object.notFound', 'A part of this recording is lost.');
}

/** Files never change under their name, so their names identify the content. */
function etagOf(tracks: readonly SourceTrack[]): string {
  const hash = createHash('sha256').update(`layout ${layoutVersion}\n`);
  for (const { inits, segments } of tracks) {
    hash.update(`track ${inits.map(({ file }) => file).join(' ')}\n`);
    for (const { file, offset, bytes, init, cutBeforeSeconds = 0, within } of segments) hash.update(`${file} ${offset} ${bytes} ${init}${cutBeforeSeconds === 0 && !within ? '' : ` ${cutBeforeSeconds} ${JSON.stringify(within)}`}\n`);
  }
  return `"${hash.digest('hex').slice(0, 32)}"`;
}
