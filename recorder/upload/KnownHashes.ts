import type { Hash } from 'node:crypto';
import { createHash } from 'node:crypto';
import { maxKnownHashes } from './limits.ts';

interface KnownHash {
  hash: Hash;
  /** Bytes in the hash. */
  offset: number;
}

/**
 * Responsible for the SHA-256 of uploads in progress, as far as this process has received them from their beginning. A hash that does
 * not fit the offset of the next byte is forgotten: the upload is then read when it is complete.
 */
export class KnownHashes {
  readonly #hashes = new Map<string, KnownHash>();

  /** The hash of the bytes before `offset`, to be continued; undefined if they were not all received here. */
  continueAt(uploadId: string, offset: number): Hash | undefined {
    if (offset === 0) return createHash('sha256');
    const known = this.#hashes.get(uploadId);
    if (known?.offset === offset) return known.hash.copy();
    this.#hashes.delete(uploadId);
    return undefined;
  }

  keep(uploadId: string, known: KnownHash): void {
    this.#hashes.delete(uploadId);
    this.#hashes.set(uploadId, known);
    const oldest = this.#hashes.keys().next();
    if (this.#hashes.size > maxKnownHashes && oldest.done !== true) this.#hashes.delete(oldest.value);
  }

  /** Lower-case hex, if all of so many bytes are in it. */
  take(uploadId: string, bytes: number): string | null {
    const known = this.#hashes.get(uploadId);
    this.#hashes.delete(uploadId);
    if (bytes === 0) return createHash('sha256').digest('hex');
    return known?.offset === bytes ? known.hash.digest('hex') : null;
  }

  forget(uploadId: string): void {
    this.#hashes.delete(uploadId);
  }
}
