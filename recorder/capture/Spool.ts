// Responsible for the folder that holds segments until they are stored. Files are complete, and on the disk when `write`
// resolves. Owns the folder.
import { mkdir, open, readdir, rename, rm, statfs, unlink } from 'node:fs/promises';
import path from 'node:path';
import { maxKnownFolders } from '../limits.ts';

export const draftSuffix = '.draft';

export class Spool {
  readonly #folder: string;
  readonly #reserveBytes: number;
  readonly #knownFolders = new Set<string>();

  /** A write that would leave less than `reserveBytes` free fails with ENOSPC: the database on the same disk needs space. */
  constructor(folder: string, reserveBytes = 0) {
    this.#folder = folder;
    this.#reserveBytes = reserveBytes;
  }

  fileOf(key: string): string {
    return path.join(this.#folder, ...key.split('/'));
  }

  async write(key: string, bytes: Uint8Array): Promise<void> {
    const file = this.fileOf(key);
    const draft = file + draftSuffix;
    try {
      await this.#makeFolder(path.dirname(file));
      await this.#assertRoom(bytes.length);
      await writeSynced(draft, bytes);
      await rename(draft, file);
      await syncFolder(path.dirname(file));
    } catch (err) {
      // The folder may have been deleted. A partial file must not occupy scarce space.
      this.#knownFolders.delete(path.dirname(file));
      // This fails as well on a broken disk; the first error is the one to report.
      await rm(draft, { force: true }).catch(() => undefined);
      throw err;
    }
  }

  /** Writes and removes a small file, as a segment would be written. @throws the error of the file system */
  async probe(): Promise<void> {
    const file = this.fileOf(`probe${draftSuffix}`);
    await mkdir(this.#folder, { recursive: true });
    await this.#assertRoom(0);
    await writeSynced(file, Buffer.from('probe'));
    await rm(file, { force: true });
  }

  /** Succeeds when there is no such file. */
  async remove(key: string): Promise<void> {
    await unlink(this.fileOf(key)).catch((err: NodeJS.ErrnoException) => {
      if (err.code !== 'ENOENT') throw err;
    });
  }

  /** Removes drafts that a killed process left; returns the keys of all complete files. */
  async sweep(): Promise<string[]> {
    await mkdir(this.#folder, { recursive: true });
    const entries = await readdir(this.#folder, { recursive: true, withFileTypes: true });
    const keys: string[] = [];
    for (const entry of entries) {
      if (!entry.isFile()) continue;
      const key = path.relative(this.#folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/');
      if (key.endsWith(draftSuffix)) await this.remove(key);
      else keys.push(key);
    }
    return keys.sort();
  }

  async #assertRoom(bytes: number): Promise<void> {
    if (this.#reserveBytes === 0) return;
    const { bavail, bsize } = await statfs(this.#folder);
    if (bavail * bsize - bytes >= this.#reserveBytes) return;
    throw Object.assign(new Error(`less than ${this.#reserveBytes} bytes would be left free`), { code: 'ENOSPC' });
  }

  async #makeFolder(folder: string): Promise<void> {
    if (this.#knownFolders.has(folder)) return;
    const first = await mkdir(folder, { recursive: true });
    for (let made = folder; first && made.length >= first.length; made = path.dirname(made)) await syncFolder(path.dirname(made));
    if (this.#knownFolders.size >= maxKnownFolders) this.#knownFolders.clear();
    this.#knownFolders.add(folder);
  }
}

async function writeSynced(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'w');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A new name is durable only when its folder is synced. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
