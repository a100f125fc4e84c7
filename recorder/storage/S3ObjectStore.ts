import { readFile, stat } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { Readable, pipeline } from 'node:stream';
import { DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { CodedError } from '#engine/contract';
import type { StorageClass } from '../contract/index.ts';
import { folderError } from './folderError.ts';
import type { GetOptions, ListedObject, ObjectHead, ObjectPage, ObjectSource, ObjectStore, PutOptions, StoredObject } from './ObjectStore.ts';
import { assertFolderPrefix, assertListPrefix, assertObjectKey } from './objectKey.ts';
import { deleteBatch } from './s3DeleteBatch.ts';
import { changeClass, requestRestore, restoreStateOf, unsupportedClass } from './s3Classes.ts';
import type { S3Classes } from './s3Classes.ts';
import { s3Error, s3PutError } from './s3Error.ts';
import { corruptObject, sha256OfBytes, sha256OfFile, verifyingStream } from './sha256.ts';
import { maxKeysPerRequest, s3ParallelParts } from '../limits.ts';

export interface S3ObjectStoreOptions {
  client: S3Client;
  /** Signs URLs with the host that browsers use. */
  publicClient: S3Client;
  bucket: string;
  multipartThresholdBytes: number;
  /** Larger objects are copied in parts of this size when they change their class. At least 5 MiB. */
  copyPartBytes: number;
  /** The names of the classes at this server. */
  classes: S3Classes;
  /** At least 5 MiB. */
  partBytes: number;
  /** Stops background work, such as preparing the bucket. */
  onClose(): void;
}

interface PutTarget {
  Bucket: string;
  Key: string;
  ContentType: string;
  Metadata: { sha256: string };
}

/**
 * Responsible for objects in a bucket of S3, or of a server that is compatible with it, and for their integrity: sources are
 * checked against their SHA-256, which SigV4 signs into every request for the server to check. Owns its clients.
 */
export class S3ObjectStore implements ObjectStore {
  readonly restoreHours: number;
  readonly #options: S3ObjectStoreOptions;
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(options: S3ObjectStoreOptions) {
    this.#options = options;
    this.restoreHours = options.classes.restoreHours;
    this.#client = options.client;
    this.#bucket = options.bucket;
  }

  async put(key: string, source: ObjectSource, options: PutOptions): Promise<void> {
    const target = { Bucket: this.#bucket, Key: this.#checked(key), ContentType: options.contentType, Metadata: { sha256: options.sha256 } };
    if ('file' in source && (await sizeOfSource(source.file)) > this.#options.multipartThresholdBytes) {
      return this.#putInParts(source.file, target);
    }
    const bytes = 'bytes' in source ? source.bytes : await readSource(source.file);
    const found = sha256OfBytes(bytes);
    if (found !== options.sha256) throw corruptObject(key, { expected: options.sha256, found });
    await this.#send(key, () => this.#client.send(new PutObjectCommand({ ...target, Body: bytes })), s3PutError);
  }

  async get(key: string, options: GetOptions = {}): Promise<StoredObject> {
    const { range, sha256 } = options;
    const target = { Bucket: this.#bucket, Key: this.#checked(key), Range: range && `bytes=${range.first}-${range.last}` };
    const response = await this.#send(key, () => this.#client.send(new GetObjectCommand(target)));
    if (!(response.Body instanceof Readable)) throw new Error('the S3 client returned no stream');
    // In a partial response the length is that of the part.
    const bytes = Number(response.ContentRange?.split('/')[1] ?? response.ContentLength);
    const head = this.#headOf(key, { ...response, ContentLength: bytes });
    if (range || sha256 === undefined) return { head, body: response.Body };
    const verified = verifyingStream(key, sha256);
    // The reader gets a failure as an error of the verified stream.
    pipeline(response.Body, verified, () => undefined);
    return { head, body: verified };
  }

  async head(key: string): Promise<ObjectHead> {
    const target = { Bucket: this.#bucket, Key: this.#checked(key) };
    return this.#headOf(key, await this.#send(key, () => this.#client.send(new HeadObjectCommand(target))));
  }

  async delete(key: string): Promise<void> {
    const target = { Bucket: this.#bucket, Key: this.#checked(key) };
    await this.#send(key, () => this.#client.send(new DeleteObjectCommand(target)));
  }

  async deleteMany(keys: readonly string[]): Promise<void> {
    keys.forEach(assertObjectKey);
    for (let from = 0; from < keys.length; from += maxKeysPerRequest) {
      const batch = keys.slice(from, from + maxKeysPerRequest);
      await this.#send(batch[0] ?? '', () => deleteBatch(this.#client, this.#bucket, batch));
    }
  }

  async deletePrefix(prefix: string): Promise<void> {
    assertFolderPrefix(prefix);
    for (let after: string | undefined; ; ) {
      const page = await this.list(prefix, { after });
      await this.deleteMany(page.objects.map((object) => object.key));
      if (page.next === null) return;
      after = page.next;
    }
  }

  async list(prefix: string, options: { after?: string; limit?: number } = {}): Promise<ObjectPage> {
    assertListPrefix(prefix);
    const request = { Bucket: this.#bucket, Prefix: prefix, StartAfter: options.after, MaxKeys: options.limit ?? maxKeysPerRequest };
    const response = await this.#send(prefix, () => this.#client.send(new ListObjectsV2Command(request)));
    const objects = (response.Contents ?? []).flatMap(({ Key, Size, StorageClass: name, LastModified }): ListedObject[] => (Key === undefined ? [] : [{ key: Key, bytes: Size ?? 0, storageClass: this.#options.classes.classOf(name), modifiedAtMs: LastModified?.getTime() ?? 0 }]));
    return { objects, next: response.IsTruncated ? (objects.at(-1)?.key ?? null) : null };
  }

  async setClass(key: string, storageClass: StorageClass): Promise<void> {
    const head = await this.head(key);
    if (head.storageClass === storageClass) return;
    const target = { client: this.#client, bucket: this.#bucket, partBytes: this.#options.copyPartBytes, className: this.#options.classes.nameOf(storageClass) };
    await this.#send(key, () => changeClass(head, target));
    // Servers without classes may accept the request and ignore the class.
    if ((await this.head(key)).storageClass !== storageClass) throw unsupportedClass(key, target.className);
  }

  async restore(key: string, days: number): Promise<'requested' | 'restored'> {
    const { storageClass } = await this.head(key);
    if (storageClass !== 'archive') return 'restored';
    return this.#send(key, () => requestRestore(key, days, { client: this.#client, bucket: this.#bucket, tier: this.#options.classes.restoreTier }));
  }

  presignGet(key: string, lifetimeSeconds: number): Promise<string> {
    const command = new GetObjectCommand({ Bucket: this.#bucket, Key: this.#checked(key) });
    return getSignedUrl(this.#options.publicClient, command, { expiresIn: lifetimeSeconds });
  }

  async close(): Promise<void> {
    this.#options.onClose();
    this.#client.destroy();
    this.#options.publicClient.destroy();
  }

  #headOf(key: string, response: HeadResponse): ObjectHead {
    const storageClass = this.#options.classes.classOf(response.StorageClass);
    return {
      key,
      bytes: response.ContentLength ?? 0,
      etag: (response.ETag ?? '').replaceAll('"', ''),
      contentType: response.ContentType ?? 'application/octet-stream',
      sha256: response.Metadata?.['sha256'] ?? null,
      storageClass,
      restore: storageClass === 'archive' ? restoreStateOf(response.Restore) : 'none',
    };
  }

  #checked(key: string): string {
    assertObjectKey(key);
    return key;
  }

  async #send<T>(key: string, send: () => Promise<T>, toError = s3Error): Promise<T> {
    try {
      return await send();
    } catch (err) {
      throw toError(key, err);
    }
  }

  /** Hashes the file before anything is sent, because the server does not check the hash of a multipart upload. */
  async #putInParts(file: string, target: PutTarget): Promise<void> {
    const expected = target.Metadata.sha256;
    const found = await sha256OfFile(file);
    if (found !== expected) throw corruptObject(target.Key, { expected, found });
    const params = { ...target, Body: createReadStream(file) };
    const upload = new Upload({ client: this.#client, params, partSize: this.#options.partBytes, queueSize: s3ParallelParts });
    await this.#send(target.Key, () => upload.done(), s3PutError);
  }
}

async function sizeOfSource(file: string): Promise<number> {
  return (await stat(file).catch(throwSourceError)).size;
}

function readSource(file: string): Promise<Uint8Array> {
  return readFile(file).catch(throwSourceError);
}

function throwSourceError(err: unknown): never {
  const error = folderError('the file to store', err);
  throw error instanceof Error ? error : new CodedError('object.notFound', 'The file to store cannot be read.', { cause: err });
}

interface HeadResponse {
  ContentLength?: number;
  ETag?: string;
  ContentType?: string;
  Metadata?: Record<string, string>;
  StorageClass?: string;
  Restore?: string;
}
