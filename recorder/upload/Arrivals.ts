// Responsible for complete uploads: their hash and scan, and the video that they become. Owns nothing: rows, objects and jobs belong
// to their stores.
import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CodedError, isCoded } from '#engine/contract';
import { fromInstant, toInstant } from '#engine/kernel';
import type { Clock, JobQueue, Logger } from '#engine/kernel';
import type { ObjectStore } from '../storage/index.ts';
import { arrivalJobs } from './arrivalJobs.ts';
import { inspectMedia } from './inspectMedia.ts';
import type { MediaSample } from './inspectMedia.ts';
import { mediaHeadBytes, mediaTailBytes, refusedUploadMs } from './limits.ts';
import type { FileScanner } from './scan/FileScanner.ts';
import { sourceKeyOf } from './UploadRow.ts';
import type { UploadRow } from './UploadRow.ts';
import type { UploadStore } from './UploadStore.ts';

/** A checked file, which becomes the source of a video. */
export interface ArrivedUpload {
  uploadId: string;
  videoId: string;
  courseId: string;
  createdBy: string;
  title: string;
  /** The video exists, and gets this file in place of its own. */
  replaces: boolean;
  sourceFile: { key: string; bytes: number; sha256: string; fileName: string; contentType: string };
}

export interface ArrivalsOptions {
  uploads: UploadStore;
  store: ObjectStore;
  jobs: JobQueue;
  scanner: FileScanner | undefined;
  /** Makes the video; false if it was to replace the file of one that is gone. It may be called again after a failure, and after it has succeeded. */
  onArrived: (upload: ArrivedUpload) => Promise<boolean>;
  clock: Clock;
  logger: Logger;
}

export class Arrivals {
  readonly #options: ArrivalsOptions;

  constructor(options: ArrivalsOptions) {
    this.#options = options;
  }

  /**
   * Takes over an upload whose bytes are the object of its key. `sha256`: null if it is not known. Without a scanner and with a hash the
   * video exists when this resolves, otherwise a job makes it.
   * @throws CodedError `upload.typeUnknown`, `upload.polyglot`; the file is then deleted
   */
  async take(row: UploadRow, sha256: string | null): Promise<UploadRow> {
    const { uploads, clock, scanner, jobs } = this.#options;
    const contentType = await this.#typeOf(row);
    const now = toInstant(clock.nowMs());
    const arrived = await uploads.change(row._id, 'receiving', { state: 'arrived', offset: row.bytes, bytes: row.bytes, contentType, sha256, updatedAt: now });
    if (!arrived) {
      // Cancelled in the meantime, or taken over by another request.
      const current = await uploads.find(row._id);
      if (current && current.state !== 'receiving') return current;
      await this.#options.store.delete(sourceKeyOf(row));
      throw new CodedError('upload.notFound', 'This upload was cancelled.', { details: { uploadId: row._id } });
    }
    this.#options.logger.info({ uploadId: row._id, videoId: row.videoId, courseId: row.courseId, bytes: row.bytes, contentType, durationMs: Math.round(clock.nowMs() - fromInstant(row.createdAt)) }, 'upload.arrived');
    if (sha256 !== null && !scanner) return this.#publish({ ...arrived, sha256 });
    await jobs.add(arrivalJobs, { key: row._id, data: { uploadId: row._id } });
    return arrived;
  }

  /** Checks a complete upload: reads it once for its hash and for the scanner. @throws CodedError `upload.notScanned`, `store.unavailable` */
  async check(uploadId: string, signal: AbortSignal): Promise<void> {
    const { uploads } = this.#options;
    const row = await uploads.find(uploadId);
    if (row?.state !== 'arrived') return;
    try {
      const sha256 = await this.#read(row, signal);
      if (sha256 !== undefined) await this.#publish({ ...row, sha256 });
    } catch (err) {
      if (isCoded(err)) await uploads.change(uploadId, 'arrived', { problem: { code: err.code, message: err.message }, updatedAt: toInstant(this.#options.clock.nowMs()) });
      throw err;
    }
  }

  /** Deletes the file of an upload, and says why. */
  async refuse(row: UploadRow, problem: NonNullable<UploadRow['problem']>): Promise<UploadRow> {
    const { uploads, store, clock, logger } = this.#options;
    const nowMs = clock.nowMs();
    const refused = await uploads.change(row._id, row.state, { state: 'refused', problem, updatedAt: toInstant(nowMs), expiresAt: toInstant(nowMs + refusedUploadMs) });
    await store.delete(sourceKeyOf(row));
    logger.warn({ uploadId: row._id, userId: row.userId, courseId: row.courseId, code: problem.code }, 'upload.refused');
    return refused ?? row;
  }

  /** The hash of the content; undefined if the scanner has refused it. */
  async #read(row: UploadRow, signal: AbortSignal): Promise<string | undefined> {
    const { store, scanner, logger } = this.#options;
    if (!scanner && row.sha256 !== null) return row.sha256;
    const { body } = await store.get(sourceKeyOf(row));
    const hash = createHash('sha256');
    const hashed = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        hash.update(chunk);
        done(null, chunk);
      },
    });
    const scanned = scanner?.scan(hashed, signal) ?? Promise.resolve({ isClean: true } as const);
    if (!scanner) hashed.resume();
    const [read, result] = await Promise.allSettled([pipeline(body, hashed, { signal }), scanned]);
    if (result.status === 'rejected') throw result.reason;
    if (!result.value.isClean) {
      logger.warn({ uploadId: row._id, found: result.value.name }, 'upload.infected');
      await this.refuse(row, { code: 'upload.infected', message: 'The virus scanner has found something in this file, so it was deleted. Scan your computer, export the video again, and upload that.' });
      return undefined;
    }
    if (read.status === 'rejected') throw read.reason;
    return hash.digest('hex');
  }

  async #publish(row: UploadRow & { sha256: string }): Promise<UploadRow> {
    const { uploads, onArrived, clock } = this.#options;
    const { _id: uploadId, videoId, courseId, userId: createdBy, title, replaces, bytes, sha256, fileName, contentType } = row;
    const isTaken = await onArrived({ uploadId, videoId, courseId, createdBy, title, replaces, sourceFile: { key: sourceKeyOf(row), bytes, sha256, fileName, contentType: contentType ?? 'application/octet-stream' } });
    if (!isTaken) return this.refuse(row, { code: 'video.notFound', message: 'The video that was to get this file does not exist any more.' });
    this.#options.logger.info({ uploadId, videoId, courseId, bytes, sha256 }, 'upload.stored');
    return (await uploads.change(uploadId, 'arrived', { state: 'stored', sha256, problem: null, updatedAt: toInstant(clock.nowMs()) })) ?? row;
  }

  async #typeOf(row: UploadRow): Promise<string> {
    try {
      return (await inspectMedia(await this.#sampleOf(row))).contentType;
    } catch (err) {
      if (isCoded(err, 'upload.typeUnknown') || isCoded(err, 'upload.polyglot')) await this.refuse(row, { code: err.code, message: err.message });
      throw err;
    }
  }

  async #sampleOf(row: UploadRow): Promise<MediaSample> {
    if (row.bytes === 0) return { head: new Uint8Array() };
    const last = row.bytes - 1;
    const head = await this.#bytesOf(row, 0, Math.min(last, mediaHeadBytes - 1));
    return { head, tail: await this.#bytesOf(row, Math.max(0, row.bytes - mediaTailBytes), last) };
  }

  async #bytesOf(row: UploadRow, first: number, last: number): Promise<Buffer> {
    const { body } = await this.#options.store.get(sourceKeyOf(row), { range: { first, last } });
    return Buffer.concat(await (body as AsyncIterable<Buffer> & typeof body).toArray());
  }
}
