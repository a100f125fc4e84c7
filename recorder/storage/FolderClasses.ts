// Responsible for the storage classes of objects in a folder: a small file for each object that is not in the standard class. A folder has
// one kind of disk, so the classes cost the same; they behave as those of an S3 server, so that a laptop shows what a site does.
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { writeDurably } from '#engine/kernel';
import type { Clock } from '#engine/kernel';
import { StorageClass } from '../contract/index.ts';
import { isAbsent } from './folderError.ts';
import type { RestoreState } from './ObjectStore.ts';
import { dayMs } from '../limits.ts';

/** No object key begins with a dot. */
export const classFolder = '.classes';

const Entry = z.object({
  storageClass: StorageClass,
  /** Of an archived object that was requested. */
  restore: z.object({ readableFromMs: z.number(), readableUntilMs: z.number() }).nullable(),
});
type Entry = z.infer<typeof Entry>;

const standard: Entry = { storageClass: 'standard', restore: null };

export interface FolderClassesOptions {
  clock: Clock;
  /** How long a restore takes. */
  restoreDelayMs: number;
}

export class FolderClasses {
  readonly #root: string;
  readonly #options: FolderClassesOptions;

  constructor(root: string, options: FolderClassesOptions) {
    this.#root = path.join(root, classFolder);
    this.#options = options;
  }

  async of(key: string): Promise<{ storageClass: StorageClass; restore: RestoreState }> {
    const entry = await this.#read(key);
    return { storageClass: entry.storageClass, restore: this.#stateOf(entry) };
  }

  async set(key: string, storageClass: StorageClass): Promise<void> {
    if (storageClass === 'standard') return this.forget(key);
    await this.#write(key, { storageClass, restore: null });
  }

  async restore(key: string, days: number): Promise<'requested' | 'restored'> {
    const entry = await this.#read(key);
    if (entry.storageClass !== 'archive') return 'restored';
    const nowMs = this.#options.clock.nowMs();
    const isOpen = entry.restore !== null && nowMs < entry.restore.readableUntilMs;
    const readableFromMs = isOpen && entry.restore ? entry.restore.readableFromMs : nowMs + this.#options.restoreDelayMs;
    const restore = { readableFromMs, readableUntilMs: Math.max(nowMs, readableFromMs) + days * dayMs };
    await this.#write(key, { ...entry, restore });
    return this.#stateOf({ ...entry, restore }) === 'restored' ? 'restored' : 'requested';
  }

  /** The object is in the standard class, or gone. */
  async forget(key: string): Promise<void> {
    await rm(path.join(this.#root, key), { force: true });
  }

  async forgetPrefix(prefix: string): Promise<void> {
    await rm(path.join(this.#root, prefix), { recursive: true, force: true });
  }

  /** The names in a folder whose objects are not in the standard class, for listings. */
  async namesIn(folder: string): Promise<ReadonlySet<string>> {
    try {
      return new Set(await readdir(path.join(this.#root, folder)));
    } catch (err) {
      if (isAbsent(err)) return new Set();
      throw err;
    }
  }

  async #read(key: string): Promise<Entry> {
    try {
      return Entry.parse(JSON.parse(await readFile(path.join(this.#root, key), 'utf8')));
    } catch (err) {
      if (isAbsent(err)) return standard;
      throw err;
    }
  }

  async #write(key: string, entry: Entry): Promise<void> {
    const file = path.join(this.#root, key);
    const draft = `${file}.${randomUUID()}`;
    await mkdir(path.dirname(file), { recursive: true });
    try {
      await writeDurably(draft, Buffer.from(JSON.stringify(entry)), { flags: 'wx' });
      await rename(draft, file);
    } finally {
      await rm(draft, { force: true });
    }
  }

  #stateOf({ restore }: Entry): RestoreState {
    const nowMs = this.#options.clock.nowMs();
    if (!restore || nowMs >= restore.readableUntilMs) return 'none';
    return nowMs < restore.readableFromMs ? 'requested' : 'restored';
  }
}
