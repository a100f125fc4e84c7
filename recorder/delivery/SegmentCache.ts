import { LRUCache } from 'lru-cache';
import { maxCachedFileBytes } from '../limits.ts';

/**
 * Responsible for reading each segment once, although a whole class requests it within the same seconds. Owns the most
 * recently used files, up to a limit.
 */
export class SegmentCache {
  readonly #files: LRUCache<string, Buffer>;
  readonly #reading = new Map<string, Promise<Buffer | undefined>>();

  constructor(maxBytes: number) {
    this.#files = new LRUCache({ maxSize: maxBytes, sizeCalculation: (file) => Math.max(1, file.length) });
  }

  accepts(bytes: number): boolean {
    return bytes <= Math.min(maxCachedFileBytes, this.#files.maxSize);
  }

  /** The file with this hash. `read` returns undefined when the file is gone from its location. */
  async get(sha256: string, read: () => Promise<Buffer | undefined>): Promise<Buffer | undefined> {
    return this.#files.get(sha256) ?? this.#reading.get(sha256) ?? this.#read(sha256, read);
  }

  #read(sha256: string, read: () => Promise<Buffer | undefined>): Promise<Buffer | undefined> {
    const reading = read()
      .then((file) => {
        if (file) this.#files.set(sha256, file);
        return file;
      })
      .finally(() => this.#reading.delete(sha256));
    this.#reading.set(sha256, reading);
    return reading;
  }
}
