import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { S3Store } from '@tus/s3-store';
import { Upload } from '@tus/server';
import type { S3ClientConfig } from '../storage/s3ClientConfig.ts';
import { isAbsentInS3, s3Error, s3PutError } from '../storage/s3Error.ts';
import { s3ParallelParts, s3PartBytes } from '../limits.ts';
import type { IncomingStore, TransferOf, UploadPlace } from './IncomingStore.ts';
import { unknownUploadMs } from './limits.ts';
import { PartQueue } from './PartQueue.ts';
import { incomingKeyOf, sourceKeyOf } from './UploadRow.ts';
import { uploadNotFound } from './UploadStore.ts';

export interface S3IncomingOptions {
  bucket: string;
  client: S3ClientConfig;
  transferOf: TransferOf;
  /** At least 5 MiB (S3). */
  partBytes?: number;
}

interface StoredPart {
  PartNumber?: number;
  ETag?: string;
  Size?: number;
}

/**
 * Collects uploads in multipart uploads of the bucket, under the key of the object that they become. All parts but the last have one
 * size, as some servers demand. What is left of a request waits in an object of its own, `uploads/<uploadId>.part`. Owns these objects and
 * `uploads/<uploadId>.info`.
 */
export class S3Incoming implements IncomingStore {
  readonly data: S3Data;
  readonly hasChecksums = false;

  constructor(options: S3IncomingOptions) {
    this.data = new S3Data(options);
  }

  idOf(place: UploadPlace): string {
    return sourceKeyOf(place);
  }

  finish(place: UploadPlace, bytes: number): Promise<void> {
    return this.data.finish(sourceKeyOf(place), bytes);
  }

  remove(place: UploadPlace): Promise<void> {
    return this.data.remove(sourceKeyOf(place));
  }

  removeUnknown(known: (uploadIds: readonly string[]) => Promise<Set<string>>, nowMs: number): Promise<number> {
    return this.data.removeUnknown(known, nowMs);
  }

  async freeBytes(): Promise<undefined> {
    // The bytes pass through memory, some parts at a time.
  }
}

/**
 * The S3 store of tus, which keeps its parts in memory instead of files, and counts only parts without a hole: of two parts in flight,
 * the second may be stored when the first was not.
 */
class S3Data extends S3Store {
  override readonly extensions: string[] = ['creation', 'creation-with-upload', 'termination'];
  readonly #transferOf: TransferOf;
  readonly #partBytes: number;

  constructor({ bucket, client, transferOf, partBytes = s3PartBytes }: S3IncomingOptions) {
    super({ s3ClientConfig: { ...client, bucket }, partSize: partBytes, minPartSize: partBytes, useTags: false });
    this.#transferOf = transferOf;
    this.#partBytes = partBytes;
  }

  protected override infoKey(id: string): string {
    return `${incomingKeyOf({ _id: uploadIdOf(id) })}.info`;
  }

  protected override partKey(id: string): string {
    return `${incomingKeyOf({ _id: uploadIdOf(id) })}.part`;
  }

  override async create(upload: Upload): Promise<Upload> {
    return super.create(upload).catch((err: unknown) => {
      throw s3PutError(upload.id, err);
    });
  }

  override async getUpload(id: string): Promise<Upload> {
    try {
      const { file } = await this.#metadata(id);
      const parts = await this.#storedParts(id);
      const offset = parts === 'completed' ? (file.size ?? 0) : sizeOf(parts) + ((await this.#rest(id, sizeOf(parts)))?.length ?? 0);
      return new Upload({ ...file, offset });
    } catch (err) {
      throw s3Error(id, err);
    }
  }

  override async write(empty: Readable, id: string, offset: number): Promise<number> {
    const transfer = this.#transferOf(id);
    if (!transfer) throw new Error(`${id} has no transfer`);
    empty.resume();
    try {
      const metadata = await this.#metadata(id);
      const parts = await this.#storedParts(id);
      if (parts === 'completed') return offset;
      const rest = await this.#rest(id, sizeOf(parts));
      const queue = new PartQueue({
        partBytes: this.#partBytes,
        parallel: s3ParallelParts,
        firstNumber: parts.length + 1,
        rest,
        send: async (part, number) => void (await this.uploadPart(metadata, part, number)),
        release: transfer.release,
      });
      await pipeline(transfer.open(offset), queue);
      await this.#keepRest(id, queue.rest, sizeOf(parts) + queue.sentBytes);
      const reached = offset + queue.receivedBytes;
      transfer.keepHash(reached);
      return reached;
    } catch (err) {
      throw s3PutError(id, err);
    }
  }

  /** Completes the multipart upload. A file without bytes has one empty part. */
  async finish(id: string, bytes: number): Promise<void> {
    try {
      const metadata = await this.#metadata(id).catch((err: unknown) => {
        if (isAbsentInS3(err)) return undefined;
        throw err;
      });
      if (metadata) {
        const parts = await this.#storedParts(id);
        if (parts !== 'completed') await this.#complete(id, parts);
      }
      const { ContentLength } = await this.client.headObject({ Bucket: this.bucket, Key: id });
      if (ContentLength !== bytes) throw new Error(`${id} has ${ContentLength} bytes instead of ${bytes}`);
      await this.#forget(id);
    } catch (err) {
      throw isAbsentInS3(err) ? uploadNotFound(uploadIdOf(id)) : s3Error(id, err);
    }
  }

  override async remove(id: string): Promise<void> {
    try {
      const metadata = await this.#metadata(id);
      await this.client.abortMultipartUpload({ Bucket: this.bucket, Key: id, UploadId: metadata['upload-id'] });
    } catch (err) {
      if (!isAbsentInS3(err)) throw s3Error(id, err);
    }
    await this.#forget(id);
  }

  async removeUnknown(known: (uploadIds: readonly string[]) => Promise<Set<string>>, nowMs: number): Promise<number> {
    const { bucket: Bucket } = this;
    const { Uploads = [] } = await this.client.listMultipartUploads({ Bucket, Prefix: 'videos/' });
    const old = Uploads.filter(({ Key, Initiated }) => Key?.includes('/source/') === true && Initiated !== undefined && nowMs - Initiated.getTime() >= unknownUploadMs);
    const kept = await known(old.map(({ Key }) => uploadIdOf(Key ?? '')));
    const unknown = old.filter(({ Key }) => !kept.has(uploadIdOf(Key ?? '')));
    for (const { Key, UploadId } of unknown) await this.client.abortMultipartUpload({ Bucket, Key, UploadId });
    return unknown.length;
  }

  async #complete(id: string, stored: readonly StoredPart[]): Promise<void> {
    const metadata = await this.#metadata(id);
    const rest = await this.#rest(id, sizeOf(stored));
    const parts = [...stored];
    if (rest || parts.length === 0) {
      const number = parts.length + 1;
      parts.push({ PartNumber: number, ETag: await this.uploadPart(metadata, rest ?? Buffer.alloc(0), number) });
    }
    await this.finishMultipartUpload(metadata, parts);
  }

  async #forget(id: string): Promise<void> {
    for (const Key of [this.partKey(id), this.infoKey(id)]) await this.client.deleteObject({ Bucket: this.bucket, Key });
    await this.clearCache(id);
  }

  async #metadata(id: string) {
    try {
      return await this.getMetadata(id);
    } catch (err) {
      throw isAbsentInS3(err) ? uploadNotFound(uploadIdOf(id)) : err;
    }
  }

  /** The parts from the first one on without a hole. `completed`: the multipart upload is an object. */
  async #storedParts(id: string): Promise<StoredPart[] | 'completed'> {
    let parts: StoredPart[];
    try {
      parts = await this.retrieveParts(id);
    } catch (err) {
      if (isAbsentInS3(err)) return 'completed';
      throw err;
    }
    const end = parts.findIndex(({ PartNumber, Size }, index) => PartNumber !== index + 1 || Size !== this.#partBytes);
    // The last part is sent just before the upload is completed.
    return end === -1 ? parts : parts.slice(0, end);
  }

  /** What is left of earlier requests, if it begins where the parts end. */
  async #rest(id: string, start: number): Promise<Buffer | undefined> {
    try {
      const { Body, Metadata } = await this.client.getObject({ Bucket: this.bucket, Key: this.partKey(id) });
      const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
      return Metadata?.['start'] === String(start) ? bytes : undefined;
    } catch (err) {
      if (isAbsentInS3(err)) return undefined;
      throw err;
    }
  }

  async #keepRest(id: string, rest: Buffer, start: number): Promise<void> {
    if (rest.length > 0) await this.client.putObject({ Bucket: this.bucket, Key: this.partKey(id), Body: rest, Metadata: { start: String(start) } });
    else await this.client.deleteObject({ Bucket: this.bucket, Key: this.partKey(id) });
  }
}

/** `videos/<videoId>/source/<uploadId>` */
function uploadIdOf(id: string): string {
  return id.split('/').at(-1) ?? id;
}

function sizeOf(parts: readonly StoredPart[]): number {
  return parts.reduce((sum, { Size = 0 }) => sum + Size, 0);
}
