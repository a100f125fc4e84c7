// Responsible for a file system that is small enough to be filled. Owns its mounts, and unmounts them even when the process
// that made them fails.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const owner = 'lectern-trial-';
const block = Buffer.alloc(256 * 1024);

export class SmallDisk {
  readonly folder: string;
  readonly #ballast: string;
  readonly #mounts: string[] = [];
  readonly #close = () => this.close();

  private constructor(folder: string, megabytes: number) {
    this.folder = folder;
    this.#ballast = path.join(folder, 'ballast');
    this.#mount('-t', 'tmpfs', '-o', `size=${megabytes}m`, `${owner}${process.pid}`, folder);
    process.on('exit', this.#close);
  }

  /** Undefined where this process may not mount anything. */
  static open(megabytes: number): SmallDisk | undefined {
    const folder = mkdtempSync(path.join(tmpdir(), 'lectern-small-disk-'));
    try {
      unmountAbandoned();
      return new SmallDisk(folder, megabytes);
    } catch {
      rmdirSync(folder);
      return undefined;
    }
  }

  get freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.folder);
    return bavail * bsize;
  }

  /** Fills the disk up to so many free bytes, as another program's file does. */
  fillUpTo(freeBytes: number): void {
    try {
      while (this.freeBytes - freeBytes >= block.length) writeFileSync(this.#ballast, block, { flag: 'a' });
      const rest = this.freeBytes - freeBytes;
      if (rest > 0) writeFileSync(this.#ballast, block.subarray(0, rest), { flag: 'a' });
    } catch (err) {
      if ((err as NodeJS.ErrnoException).code !== 'ENOSPC') throw err;
    }
  }

  makeRoom(): void {
    rmSync(this.#ballast, { force: true });
  }

  /** Makes a folder read-only, or writable again. */
  setReadOnly(folder: string, isReadOnly: boolean): void {
    if (!isReadOnly) return this.#unmount(folder);
    if (!this.#mounts.includes(folder)) this.#mount('--bind', folder, folder);
    execFileSync('mount', ['-o', 'remount,bind,ro', folder], { stdio: 'pipe' });
  }

  close(): void {
    process.off('exit', this.#close);
    for (const mount of [...this.#mounts].reverse()) this.#unmount(mount);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Lazily: open files keep the file system until they are closed. */
  #unmount(mount: string): void {
    if (!this.#mounts.includes(mount)) return;
    this.#mounts.splice(this.#mounts.indexOf(mount), 1);
    execFileSync('umount', ['-l', mount]);
  }

  #mount(...words: string[]): void {
    execFileSync('mount', words, { stdio: 'pipe' });
    this.#mounts.push(words.at(-1) ?? '');
  }
}

/** Unmounts what a killed run has left. */
function unmountAbandoned(): void {
  const lines = readFileSync('/proc/mounts', 'utf8').split('\n').reverse();
  for (const [source = '', folder = ''] of lines.map((line) => line.split(' '))) {
    if (!source.startsWith(owner) || existsSync(`/proc/${source.slice(owner.length)}`)) continue;
    execFileSync('umount', ['-l', folder]);
  }
}
