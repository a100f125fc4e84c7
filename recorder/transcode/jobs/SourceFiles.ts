// Responsible for source files on this machine: those of a store in the cloud are fetched once and kept while tasks use them. Owns its
// folder, and removes each file some time after its last use.
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, statfs, symlink } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CodedError } from '#engine/contract';
import { background } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import type { ObjectStore } from '../../storage/index.ts';
import { sourceRetentionMs, workReserveBytes } from '../limits.ts';

export interface SourceFilesOptions {
  store: ObjectStore;
  workFolder: string;
  clock: Clock;
  logger: Logger;
}

export interface SourceObject {
  key: string;
  bytes: number;
  sha256: string;
}

interface Fetched {
  file: Promise<string>;
  users: number;
  cancelRemoval: () => void;
}

export class SourceFiles {
  readonly #options: SourceFilesOptions;
  readonly #folder: string;
  readonly #fetched = new Map<string, Fetched>();

  constructor(options: SourceFilesOptions) {
    this.#options = options;
    this.#folder = path.join(options.workFolder, 'sources');
  }

  /**
   * Makes the object available under this path until the returned function is called.
   * @throws CodedError `disk.full`, `object.notFound`, `object.corrupt`, `store.unavailable`
   */
  async provide(object: SourceObject, target: string, signal?: AbortSignal): Promise<() => void> {
    const local = this.#options.store.fileOf?.(object.key);
    if (local !== undefined) {
      // Says that it is missing, or that the store is unavailable.
      await this.#options.store.head(object.key);
      await symlink(path.resolve(local), target);
      return () => undefined;
    }
    const fetched = this.#use(object);
    const release = () => this.#release(object.sha256, fetched);
    try {
      signal?.throwIfAborted();
      await symlink(await fetched.file, target);
      return release;
    } catch (err) {
      release();
      throw err;
    }
  }

  async close(): Promise<void> {
    for (const { cancelRemoval } of this.#fetched.values()) cancelRemoval();
    this.#fetched.clear();
    await rm(this.#folder, { recursive: true, force: true });
  }

  #use(object: SourceObject): Fetched {
    const known = this.#fetched.get(object.sha256);
    if (known) {
      known.cancelRemoval();
      known.users += 1;
      return known;
    }
    const fetched: Fetched = { file: this.#fetch(object), users: 1, cancelRemoval: () => undefined };
    this.#fetched.set(object.sha256, fetched);
    fetched.file.catch(() => this.#fetched.delete(object.sha256));
    return fetched;
  }

  #release(sha256: string, fetched: Fetched): void {
    fetched.users -= 1;
    if (fetched.users > 0 || this.#fetched.get(sha256) !== fetched) return;
    fetched.cancelRemoval = this.#options.clock.after(sourceRetentionMs, () => {
      if (fetched.users > 0 || this.#fetched.get(sha256) !== fetched) return;
      this.#fetched.delete(sha256);
      background('transcode.removeSource', fetched.file.then((file) => rm(file, { force: true })), this.#options.logger);
    });
  }

  async #fetch({ key, bytes, sha256 }: SourceObject): Promise<string> {
    await mkdir(this.#folder, { recursive: true });
    const { bavail, bsize } = await statfs(this.#folder);
    if (bavail * bsize < bytes + workReserveBytes) throw new CodedError('disk.full', 'The disk has no room for the source file.', { details: { bytes } });
    const file = path.join(this.#folder, sha256);
    const draft = `${file}.draft`;
    try {
      const { body } = await this.#options.store.get(key, { sha256 });
      await pipeline(body, createWriteStream(draft));
      await rename(draft, file);
      return file;
    } catch (err) {
      await rm(draft, { force: true });
      throw err;
    }
  }
}
