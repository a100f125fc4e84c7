import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream';
import { CodedError } from '#engine/contract';
import { syncPath, systemClock } from '#engine/kernel';
import type { StorageClass } from '../contract/index.ts';
import { archivedObject } from './archivedObject.ts';
import { contentTypeOf } from './contentTypeOf.ts';
import { FolderClasses } from './FolderClasses.ts';
import type { FolderClassesOptions } from './FolderClasses.ts';
import { folderError, isAbsent } from './folderError.ts';
import { listFolder } from './listFolder.ts';
import type { GetOptions, ObjectHead, ObjectPage, ObjectSource, ObjectStore, PutOptions, StoredObject } from './ObjectStore.ts';
import { assertFolderPrefix, assertListPrefix, assertObjectKey } from './objectKey.ts';
import { corruptObject, sha256OfBytes, sha256OfFile, sha256OfRest, verifyingStream } from './sha256.ts';
import { writeDraft } from './writeDraft.ts';
import { maxKeysPerRequest } from '../limits.ts';

/** No object key begins with a dot. */
export const draftFolder = '.drafts';

/**
 * Responsible for objects as files below one folder, each named by its key. When `put` resolves, the object is complete and
 * on the disk. Owns the folder; keeps nothing open between calls.
 */
class FolderObjectStore implements ObjectStore {
  readonly restoreHours = 0;
  readonly #root: string;
  readonly #classes: FolderClasses;

  constructor(root: string, options: FolderClassesOptions) {
    this.#root = root;
    this.#classes = new FolderClasses(root, options);
  }

  async put(key: string, source: ObjectSource, options: PutOptions): Promise<void> {
    const target = this.#fileOf(key);
    const requireHash = (found: string) => {
      if (found !== options.sha256) throw corruptObject(key, { expected: options.sha256, found });
    };
    try {
      requireHash('bytes' in source ? sha256OfBytes(source.bytes) : await syncedHash(source.file));
      if ('bytes' in source || !(await this.#link(source.file, target))) await this.#replace(target, source, requireHash);
      await syncPath(path.dirname(target));
      await this.#classes.forget(key);
    } catch (err) {
      throw folderError(key, err);
    }
  }

  async get(key: string, options: GetOptions = {}): Promise<StoredObject> {
    const { handle, head } = await this.#open(key);
    const { range } = options;
    if (head.storageClass === 'archive' && head.restore !== 'restored') {
      await handle.close();
      throw archivedObject(key);
    }
    if (range && range.first >= head.bytes) {
      await handle.close();
      throw new CodedError('request.invalid', 'The range begins after the end of the object.', { details: { key } });
    }
    const body = handle.createReadStream(range ? { start: range.first, end: range.last } : {});
    if (range || options.sha256 === undefined) return { head, body };
    const verified = verifyingStream(key, options.sha256);
    // The reader gets a failure as an error of the verified stream.
    pipeline(body, verified, () => undefined);
    return { head, body: verified };
  }

  fileOf(key: string): string {
    return this.#fileOf(key);
  }

  async head(key: string): Promise<ObjectHead> {
    const { handle, head } = await this.#open(key);
    await handle.close();
    return head;
  }

  async delete(key: string): Promise<void> {
    const file = this.#fileOf(key);
    await rm(file, { force: true }).then(() => this.#classes.forget(key)).catch((err: unknown) => {
      throw folderError(key, err);
    });
  }

  async deleteMany(keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.delete(key);
  }

  async deletePrefix(prefix: string): Promise<void> {
    assertFolderPrefix(prefix);
    const objects = rm(path.join(this.#root, prefix), { recursive: true, force: true });
    await objects.then(() => this.#classes.forgetPrefix(prefix)).catch((err: unknown) => {
      throw folderError(prefix, err);
    });
  }

  async list(prefix: string, options: { after?: string; limit?: number } = {}): Promise<ObjectPage> {
    assertListPrefix(prefix);
    const limit = options.limit ?? maxKeysPerRequest;
    const objects = [];
    try {
      for await (const object of listFolder(this.#root, { prefix, after: options.after ?? '', classes: this.#classes })) {
        if (objects.length === limit) return { objects, next: objects.at(-1)?.key ?? null };
        objects.push(object);
      }
    } catch (err) {
      throw folderError(prefix, err);
    }
    return { objects, next: null };
  }

  async setClass(key: string, storageClass: StorageClass): Promise<void> {
    const head = await this.head(key);
    if (head.storageClass === storageClass) return;
    if (head.storageClass === 'archive' && head.restore !== 'restored') throw archivedObject(key);
    await this.#classes.set(key, storageClass).catch((err: unknown) => {
      throw folderError(key, err);
    });
  }

  async restore(key: string, days: number): Promise<'requested' | 'restored'> {
    await this.head(key);
    return this.#classes.restore(key, days).catch((err: unknown) => {
      throw folderError(key, err);
    });
  }

  presignGet(): undefined {
    return undefined;
  }

  async close(): Promise<void> {
    // Nothing is open between calls.
  }

  #fileOf(key: string): string {
    assertObjectKey(key);
    return path.join(this.#root, key);
  }

  async #open(key: string): Promise<{ handle: FileHandle; head: ObjectHead }> {
    const file = this.#fileOf(key);
    let handle: FileHandle | undefined;
    try {
      handle = await open(file, 'r');
      const stat = await handle.stat();
      if (!stat.isFile()) throw new CodedError('object.notFound', `The store has no object ${key}.`, { details: { key } });
      const etag = `${stat.size.toString(36)}-${Math.round(stat.mtimeMs).toString(36)}`;
      return { handle, head: { key, bytes: stat.size, etag, contentType: contentTypeOf(key), sha256: null, ...(await this.#classes.of(key)) } };
    } catch (err) {
      await handle?.close();
      throw folderError(key, err);
    }
  }

  /** False when the file is on another filesystem, or there is an object with this name. */
  async #link(file: string, target: string): Promise<boolean> {
    try {
      await link(file, target);
      return true;
    } catch (err) {
      if (!isAbsent(err)) return false;
    }
    await this.#makeFolder(path.dirname(target));
    return link(file, target).then(() => true, () => false);
  }

  async #replace(target: string, source: ObjectSource, requireHash: (found: string) => void): Promise<void> {
    const draft = path.join(this.#root, draftFolder, randomUUID());
    try {
      await writeDraft(draft, source);
      // A copy of a file may differ from it.
      if ('file' in source) requireHash(await sha256OfFile(draft));
      await this.#makeFolder(path.dirname(target));
      await rename(draft, target);
    } finally {
      // Needed after success, too: renaming one link of a file over another keeps both (POSIX rename).
      await rm(draft, { force: true });
    }
  }

  async #makeFolder(folder: string): Promise<void> {
    const first = await mkdir(folder, { recursive: true });
    if (first === undefined) return;
    for (let made = folder; made.length >= first.length; made = path.dirname(made)) await syncPath(path.dirname(made));
  }
}

/** The hash of a file whose content is on the disk. */
async function syncedHash(file: string): Promise<string> {
  const handle = await open(file, 'r').catch((err: unknown) => {
    if (!isAbsent(err)) throw err;
    throw new CodedError('object.notFound', 'The file to store does not exist.', { cause: err });
  });
  try {
    const hash = await sha256OfRest(handle);
    await handle.sync();
    return hash;
  } finally {
    await handle.close();
  }
}

const atOnce: FolderClassesOptions = { clock: systemClock, restoreDelayMs: 0 };

/** Creates the folder if it does not exist, and removes drafts of a killed process. Archived objects are restored at once by default. */
export async function openFolderObjectStore(root: string, options: Partial<FolderClassesOptions> = {}): Promise<ObjectStore> {
  const drafts = path.join(root, draftFolder);
  await mkdir(drafts, { recursive: true });
  for (const name of await readdir(drafts)) {
    await rm(path.join(drafts, name), { force: true }).catch((err: unknown) => {
      if (!isAbsent(err)) throw err;
    });
  }
  return new FolderObjectStore(root, { ...atOnce, ...options });
}

/** Opens the folder for reading: nothing is created or removed. */
export function readFolderObjectStore(root: string): ObjectStore {
  return new FolderObjectStore(root, atOnce);
}
