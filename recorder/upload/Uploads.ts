// Responsible for files on their way to become videos: their rows, the requests that bring their bytes, and what follows when they are
// complete. Owns its locks and the transfers of this process, and ends them.
import type { Readable } from 'node:stream';
import { CodedError, isCoded, VideoId } from '#engine/contract';
import { background, newId, toInstant } from '#engine/kernel';
import type { Bus, Clock, LeaseKeeper, Logger } from '#engine/kernel';
import type { Arrivals } from './Arrivals.ts';
import { diskFull } from './FolderIncoming.ts';
import type { IncomingStore } from './IncomingStore.ts';
import type { KnownHashes } from './KnownHashes.ts';
import { uploadExpiryMs, uploadNoteIntervalMs } from './limits.ts';
import { appendPlainFile } from './plainUpload.ts';
import { Transfer } from './Transfer.ts';
import type { ExpectedChecksum } from './Transfer.ts';
import type { Transfers } from './Transfers.ts';
import { TusIntake } from './TusIntake.ts';
import type { TusRequest, TusResponse } from './TusIntake.ts';
import { UploadLocks } from './UploadLocks.ts';
import type { UploadRow } from './UploadRow.ts';
import { uploadNotFound } from './UploadStore.ts';
import type { UploadStore } from './UploadStore.ts';

export interface UploadsOptions {
  rows: UploadStore;
  incoming: IncomingStore;
  arrivals: Arrivals;
  hashes: KnownHashes;
  transfers: Transfers;
  leases: LeaseKeeper;
  bus: Bus;
  /** Bytes of the disk that uploads leave free. */
  diskReserveBytes: number;
  clock: Clock;
  logger: Logger;
}

export interface NewUpload {
  userId: string;
  loginId: string;
  courseId: string;
  title: string;
  fileName: string;
  /** The size of the file; for a plain request, what it is at most. */
  bytes: number;
  /** The existing video that gets this file. */
  replaces: string | undefined;
}

/** A request for an upload. Its sender may make it. */
export interface UploadRequest {
  loginId: string;
  method: 'HEAD' | 'PATCH' | 'DELETE';
  headers: TusRequest['headers'];
  body: Readable | undefined;
  checksum: ExpectedChecksum | undefined;
  /** Fails if the sender may not upload any more: asked again before the file becomes a video. */
  authorise: () => Promise<void>;
}

export class Uploads {
  readonly #options: UploadsOptions;
  readonly #tus: TusIntake;
  readonly #locks: UploadLocks;

  static async open(options: UploadsOptions): Promise<Uploads> {
    return new Uploads(options, await UploadLocks.open(options));
  }

  constructor(options: UploadsOptions, locks: UploadLocks) {
    this.#options = options;
    this.#locks = locks;
    this.#tus = new TusIntake(options.incoming);
  }

  get rows(): UploadStore {
    return this.#options.rows;
  }

  /** tus: the extension `checksum` is available. */
  get hasChecksums(): boolean {
    return this.#options.incoming.hasChecksums;
  }

  /** Adds the row of an upload. Its bytes are reserved from then on. @throws CodedError `disk.full` */
  async add(upload: NewUpload): Promise<UploadRow> {
    const { rows, clock } = this.#options;
    await this.#requireSpace(upload.bytes);
    const now = toInstant(clock.nowMs());
    const { replaces, ...given } = upload;
    const row: UploadRow = {
      ...given, _id: newId('upl'), videoId: replaces ?? VideoId.parse(newId('vid')), replaces: replaces !== undefined,
      offset: 0, state: 'receiving', contentType: null, sha256: null, problem: null, createdAt: now, updatedAt: now, expiresAt: this.#expiry(),
    };
    await rows.add(row);
    return row;
  }

  /** Creates an upload by tus, with the first bytes if the request has some. A creation that fails leaves nothing. */
  async create(row: UploadRow, request: Omit<UploadRequest, 'method'> & { location: string }): Promise<TusResponse> {
    try {
      return await this.#send(row, { ...request, method: 'POST' });
    } catch (error) {
      if (!(await this.#keepsRefusal(row))) await this.#remove(row);
      throw error;
    }
  }

  /** Answers a request for an upload. @throws CodedError `upload.notFound`, `upload.locked`, and those of tus, of the store and of the check */
  async respond(row: UploadRow, request: UploadRequest): Promise<TusResponse> {
    if (row.state !== 'receiving') return completeResponse(row, request);
    if (request.method !== 'DELETE') return this.#send(row, { ...request, location: '' });
    const transfer = this.#transferOf(row, request);
    await this.#locks.hold(row._id, transfer, () => this.#remove(row));
    this.#options.logger.info({ uploadId: row._id, userId: row.userId, courseId: row.courseId }, 'upload.cancelled');
    return { status: 204, headers: {} };
  }

  /** Receives the file of a plain request. One that breaks off leaves nothing. */
  async receive(row: UploadRow, { content, loginId, authorise }: Pick<UploadRequest, 'loginId' | 'authorise'> & { content: Readable }): Promise<UploadRow> {
    const { incoming, transfers } = this.#options;
    const transfer = this.#transferOf(row, { loginId, body: content, checksum: undefined });
    try {
      return await this.#locks.hold(row._id, transfer, () =>
        transfers.run(incoming.idOf(row), transfer, async () => this.#complete({ ...row, bytes: await appendPlainFile(incoming, row) }, authorise)),
      );
    } catch (error) {
      await this.#refuseByContent(row, error);
      if (!(await this.#keepsRefusal(row))) await this.#remove(row);
      throw error;
    }
  }

  /** Ends the requests of logins that have ended. What they have sent stays. */
  endTransfersOf(loginId: string): void {
    for (const transfer of this.#options.transfers.all()) if (transfer.loginId === loginId) transfer.abort();
  }

  close(): void {
    this.#locks.close();
  }

  async #send(row: UploadRow, request: Omit<UploadRequest, 'method'> & { method: TusRequest['method']; location: string }): Promise<TusResponse> {
    const { incoming, transfers, clock } = this.#options;
    const transfer = this.#transferOf(row, request);
    const { method, headers, location } = request;
    try {
      return await this.#locks.hold(row._id, transfer, async () => {
        // While this request waited, another one may have completed the upload.
        const current = method === 'POST' ? row : await this.rows.get(row._id);
        if (method !== 'POST' && current.state !== 'receiving') return completeResponse(current, { method, headers });
        if (method === 'PATCH') await this.#requireSpace(Number(headers['content-length'] ?? 0));
        const tusRequest: TusRequest = { method, headers, storeId: incoming.idOf(row), location, metadata: metadataOf(row), signal: transfer.signal };
        const startedMs = clock.nowMs();
        const response = await transfers.run(incoming.idOf(row), transfer, () => this.#ask(row, tusRequest));
        return this.#after(row, { response, request, startedMs });
      });
    } catch (error) {
      await this.#refuseByContent(row, error);
      throw error;
    }
  }

  /** An upload whose bytes are an object already was not noted as complete: its process has died in between. */
  async #ask(row: UploadRow, request: TusRequest): Promise<TusResponse> {
    try {
      return await this.#tus.respond(request);
    } catch (error) {
      if (!isCoded(error, 'upload.notFound') || request.method === 'POST') throw error;
      await this.#options.incoming.finish(row, row.bytes);
      const offset = String(row.bytes);
      return { status: request.method === 'HEAD' ? 200 : 204, headers: { 'upload-offset': offset, ...(request.method === 'HEAD' && { 'upload-length': offset }) } };
    }
  }

  /** Notes what has arrived, and completes the upload if that is all. Also when an earlier request could not. */
  async #after(row: UploadRow, { response, request, startedMs }: { response: TusResponse; request: Pick<UploadRequest, 'loginId' | 'authorise'>; startedMs: number }): Promise<TusResponse> {
    const { rows, clock, logger } = this.#options;
    const offset = Number(response.headers['upload-offset'] ?? 0);
    const nowMs = clock.nowMs();
    const current = await rows.change(row._id, 'receiving', { offset, loginId: request.loginId, updatedAt: toInstant(nowMs), expiresAt: this.#expiry() });
    if (!current) throw uploadNotFound(row._id);
    if (offset > row.offset) logger.debug({ uploadId: row._id, courseId: row.courseId, received: offset - row.offset, offset, bytes: row.bytes, durationMs: Math.round(nowMs - startedMs) }, 'upload.received');
    const isComplete = offset === row.bytes;
    if (isComplete) await this.#complete(current, request.authorise);
    return { ...response, headers: { ...response.headers, ...(!isComplete && { 'upload-expires': new Date(current.expiresAt).toUTCString() }) } };
  }

  async #complete(row: UploadRow, authorise: () => Promise<void>): Promise<UploadRow> {
    const { incoming, arrivals, hashes } = this.#options;
    await authorise();
    await incoming.finish(row, row.bytes);
    return arrivals.take(row, hashes.take(row._id, row.bytes));
  }

  /** A transfer that fails because of its content refuses the whole upload. */
  async #refuseByContent(row: UploadRow, error: unknown): Promise<void> {
    if (!isCoded(error, 'upload.typeUnknown') && !isCoded(error, 'upload.polyglot')) return;
    const { incoming, arrivals, rows } = this.#options;
    const current = await rows.find(row._id);
    if (current?.state !== 'receiving') return;
    await incoming.remove(row);
    await arrivals.refuse(current, { code: error.code, message: error.message });
  }

  async #keepsRefusal(row: UploadRow): Promise<boolean> {
    const current = await this.#options.rows.find(row._id);
    return current !== undefined && current.state !== 'receiving';
  }

  async #remove(row: UploadRow): Promise<void> {
    const { incoming, rows, hashes } = this.#options;
    hashes.forget(row._id);
    await incoming.remove(row);
    await rows.remove(row._id);
  }

  #transferOf(row: UploadRow, { loginId, body, checksum }: Pick<UploadRequest, 'loginId' | 'body' | 'checksum'>): Transfer {
    const { clock, hashes } = this.#options;
    let notedMs = clock.nowMs();
    const onProgress = (offset: number) => {
      if (clock.nowMs() - notedMs < uploadNoteIntervalMs) return;
      notedMs = clock.nowMs();
      background('upload.note', this.#note(row._id, offset), this.#options.logger);
    };
    return new Transfer({ uploadId: row._id, userId: row.userId, loginId, source: body, bytes: row.bytes, clock, hashes, checksum, onProgress });
  }

  /** For the list of uploads. A request of hours must not expire either. */
  async #note(uploadId: string, offset: number): Promise<void> {
    await this.#options.rows.change(uploadId, 'receiving', { offset, updatedAt: toInstant(this.#options.clock.nowMs()), expiresAt: this.#expiry() });
  }

  /** @throws CodedError `disk.full` when so many more bytes would use up what is left for the rest of the server */
  async #requireSpace(bytes: number): Promise<void> {
    const free = await this.#options.incoming.freeBytes();
    if (free !== undefined && free - bytes < this.#options.diskReserveBytes) throw diskFull();
  }

  #expiry(): string {
    return toInstant(this.#options.clock.nowMs() + uploadExpiryMs);
  }
}

/** The answer for an upload that needs no bytes any more. @throws CodedError `upload.complete`, and why it was refused */
function completeResponse({ _id, bytes, state, problem }: UploadRow, { method, headers }: { method: string; headers: TusRequest['headers'] }): TusResponse {
  if (state === 'refused' && problem) throw new CodedError(problem.code, problem.message, { details: { uploadId: _id } });
  const offset = String(bytes);
  if (method === 'HEAD') return { status: 200, headers: { 'upload-offset': offset, 'upload-length': offset } };
  if (method === 'PATCH' && headers['upload-offset'] === offset) return { status: 204, headers: { 'upload-offset': offset } };
  throw new CodedError('upload.complete', 'This file has arrived already. Delete its video instead.', { details: { uploadId: _id } });
}

function metadataOf({ title, fileName, courseId }: UploadRow): Record<string, string> {
  return { title, filename: fileName, courseId };
}
