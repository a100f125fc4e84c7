// Responsible for the folder where segments lie until they are in the store. A file is there whole or not at all, and
// is on the disk when `write` resolves. Owns the folder.
import { mkdir, open, readdir, rename, unlink } from 'node:fs/promises';
import path from 'node:path';

export const draftSuffix = '.draft';

export class Spool {
  readonly #folder: string;
  readonly #knownFolders = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  fileOf(key: string): string {
    return path.join(this.#folder, ...key.split('/'));
  }

  async write(key: string, bytes: Uint8Array): Promise<void> {
    const file = this.fileOf(key);
    await this.#makeFolder(path.dirname(file));
    const draft = file + draftSuffix;
    const handle = await open(draft, 'w');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
    await syncFolder(path.dirname(file));
  }

  /** What is not there counts as removed. */
  async remove(key: string): Promise<void> {
    await unlink(this.fileOf(key)).catch((err: NodeJS.ErrnoException) => {
      if (err.code !== 'ENOENT') throw err;
    });
  }

  /** The keys of all whole files. Drafts, which a killed process left, are removed on the way. */
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

  async #makeFolder(folder: string): Promise<void> {
    if (this.#knownFolders.has(folder)) return;
    const first = await mkdir(folder, { recursive: true });
    for (let made = folder; first && made.length >= first.length; made = path.dirname(made)) await syncFolder(path.dirname(made));
    this.#knownFolders.add(folder);
  }
}

/** A new name is on the disk only when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
