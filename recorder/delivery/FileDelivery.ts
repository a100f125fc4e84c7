import { open, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { LRUCache } from 'lru-cache';
import { CodedError } from '#engine/contract';
import type { Clock, Logger } from '#engine/kernel';
import type { ByteRange, ObjectStore } from '../storage/ObjectStore.ts';
import { sha256OfBytes, sha256OfFile } from '../storage/sha256.ts';
import { emptyResponse, isUnchanged } from './mediaResponse.ts';
import type { MediaResponse, MediaRequest } from './mediaResponse.ts';
import type { MediaLocation } from './RecordingLibrary.ts';
import { requestedRange } from './requestedRange.ts';
import { SegmentCache } from './SegmentCache.ts';
import { SignedAddresses } from './SignedAddresses.ts';
import { maxVerifiedFiles, posterMaxAgeSeconds, segmentCacheBytes, segmentMaxAgeSeconds } from '../limits.ts';

interface FileKind {
  kind: 'segment' | 'poster' | 'videoSegment' | 'videoImage';
  contentType: string;
}

interface FileDeliveryOptions {
  store: ObjectStore;
  clock: Clock;
  logger: Logger;
  isRedirecting: boolean;
}

interface FileResponse {
  location: MediaLocation;
  headers: Record<string, string>;
  range: ByteRange | undefined;
}

/**
 * Responsible for responses with files that never change: from the spool, from the store, or by a redirect to the store.
 * Damaged files are refused. Owns a cache of segments and the signed addresses.
 */
export class FileDelivery {
  readonly #options: FileDeliveryOptions;
  readonly #cache = new SegmentCache(segmentCacheBytes);
  /** Files with the right hash, and the versions of them that have it. */
  readonly #verified = new LRUCache<string, string>({ max: maxVerifiedFiles });
  readonly #addresses: SignedAddresses;

  constructor(options: FileDeliveryOptions) {
    this.#options = options;
    this.#addresses = new SignedAddresses(options.store, options.clock);
  }

  async respond(request: MediaRequest, file: FileKind, locate: () => Promise<MediaLocation | undefined>): Promise<MediaResponse | undefined> {
    const location = await locate();
    if (!location) return undefined;
    const response = await this.#respondFrom(request, file, location);
    if (response) return response;
    // The file was in the spool when it was located, and has been stored and removed since.
    const moved = await locate();
    return moved && this.#respondFrom(request, file, moved);
  }

  /** The bytes of a file, for what is made of it. Undefined when it is not there. @throws CodedError `object.corrupt`, `store.unavailable` */
  async read(locate: () => Promise<MediaLocation | undefined>, range?: ByteRange): Promise<Buffer | undefined> {
    // In the second try, it has been stored and removed from the spool since it was located.
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const location = await locate();
      const body = location && (await this.#body(location, range));
      if (body) return Buffer.isBuffer(body) ? body : buffer(body);
    }
    return undefined;
  }

  async #respondFrom(request: MediaRequest, file: FileKind, location: MediaLocation): Promise<MediaResponse | undefined> {
    const etag = `"${location.sha256.slice(0, 32)}"`;
    const headers: Record<string, string> = {
      'content-type': file.contentType,
      'cache-control': file.kind === 'poster' || file.kind === 'videoImage' ? `private, max-age=${posterMaxAgeSeconds}` : `private, max-age=${segmentMaxAgeSeconds}, immutable`,
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
      etag,
    };
    if (isUnchanged(request.ifNoneMatch, etag)) return emptyResponse(304, headers);
    const isRangeValid = request.ifRange === undefined || request.ifRange === etag;
    const range = isRangeValid && request.method === 'GET' ? requestedRange(request.range, location.bytes) : undefined;
    if (range === 'unsatisfiable') return emptyResponse(416, { ...headers, 'content-range': `bytes */${location.bytes}` });
    requireServed(location, range);
    // Signed URLs are valid for GET only, and HEAD needs no body.
    if (request.method === 'HEAD') return { status: 200, headers: { ...headers, 'content-length': String(location.bytes) }, body: null };
    return (request.mayRedirect === false ? undefined : await this.#redirect(location)) ?? this.#bodyResponse({ location, headers, range });
  }

  async #redirect(location: MediaLocation): Promise<MediaResponse | undefined> {
    // A signed URL is good for all bytes.
    if (!this.#options.isRedirecting || location.kind !== 'stored' || location.served) return undefined;
    const signed = await this.#addresses.of(location.key);
    return signed && emptyResponse(302, { location: signed.address, 'cache-control': `private, max-age=${signed.maxAgeSeconds}` });
  }

  async #bodyResponse({ location, headers, range }: FileResponse): Promise<MediaResponse | undefined> {
    const body = await this.#body(location, range);
    if (!body) return undefined;
    if (!range) return { status: 200, headers: { ...headers, 'content-length': String(location.bytes) }, body };
    const part = { 'content-range': `bytes ${range.first}-${range.last}/${location.bytes}`, 'content-length': String(range.last - range.first + 1) };
    return { status: 206, headers: { ...headers, ...part }, body };
  }

  async #body(location: MediaLocation, range: ByteRange | undefined): Promise<Readable | Buffer | undefined> {
    if (!this.#cache.accepts(location.bytes)) return this.#read(location, range);
    const file = await this.#cache.get(location.sha256, () => this.#readWhole(location));
    return range ? file?.subarray(range.first, range.last + 1) : file;
  }

  /** A store checks the hash itself. */
  async #readWhole(location: MediaLocation): Promise<Buffer | undefined> {
    if (location.kind === 'stored') return buffer(await this.#readStored(location, undefined));
    const stream = await this.#openFile(location, undefined);
    const file = stream && (await buffer(stream));
    if (file && sha256OfBytes(file) !== location.sha256) this.#throwCorrupt(`${location.file} has another hash`);
    return file;
  }

  async #read(location: MediaLocation, range: ByteRange | undefined): Promise<Readable | undefined> {
    if (location.kind === 'stored') return this.#readStored(location, range);
    return (await this.#verifyFile(location)) ? this.#openFile(location, range) : undefined;
  }

  /** Reads a file once in full before parts of it are sent, and again when it has changed. False when it is gone. */
  async #verifyFile({ file, sha256 }: MediaLocation & { kind: 'file' }): Promise<boolean> {
    const found = await stat(file).catch(ifMissing);
    if (!found) return false;
    const version = `${found.ino}/${found.size}/${found.mtimeMs}`;
    if (this.#verified.get(file) === version) return true;
    const hash = await sha256OfFile(file).catch(ifMissing);
    if (hash === undefined) return false;
    if (hash !== sha256) this.#throwCorrupt(`${file} has another hash`);
    this.#verified.set(file, version);
    return true;
  }

  async #openFile(location: MediaLocation & { kind: 'file' }, range: ByteRange | undefined): Promise<Readable | undefined> {
    const handle = await open(location.file, 'r').catch(ifMissing);
    if (!handle) return undefined;
    const { size } = await handle.stat();
    if (size !== location.bytes) {
      await handle.close();
      return this.#throwCorrupt(`${location.file} has ${size} bytes instead of ${location.bytes}`);
    }
    return handle.createReadStream(range ? { start: range.first, end: range.last } : {});
  }

  async #readStored(location: MediaLocation & { kind: 'stored' }, range: ByteRange | undefined): Promise<Readable> {
    const { head, body } = await this.#options.store.get(location.key, range ? { range } : { sha256: location.sha256 });
    if (head.bytes === location.bytes) return body;
    body.destroy();
    return this.#throwCorrupt(`${location.key} has ${head.bytes} bytes instead of ${location.bytes}`);
  }

  #throwCorrupt(problem: string): never {
    const err = new CodedError('object.corrupt', 'This part of the recording is damaged.', { cause: new Error(problem) });
    this.#options.logger.error({ err }, 'media.corrupt');
    throw err;
  }
}

/** @throws CodedError `video.edited` for bytes that are cut */
function requireServed({ served, bytes }: MediaLocation, range: ByteRange = { first: 0, last: bytes - 1 }): void {
  const isServed = served === undefined || served.some(({ first, last }) => first <= range.first && range.last <= last);
  if (!isServed) throw new CodedError('video.edited', 'This part of the video was cut. Load the video again.');
}

function ifMissing(err: NodeJS.ErrnoException): undefined {
  if (err.code === 'ENOENT') return undefined;
  throw new CodedError('store.unavailable', 'A recorded file cannot be read at the moment.', { cause: err });
}
