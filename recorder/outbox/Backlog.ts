// Responsible for how much of each recording waits for the store, and since when. Owns an entry for each waiting file.
import { fromInstant } from '#engine/kernel';
import type { JournaledFile } from '../journal/rows.ts';

interface Waiting {
  bytes: number;
  sinceMs: number;
}

/** The waiting files of one recording. */
export interface WaitingUploads {
  files: number;
  bytes: number;
  /** When the oldest file was written, ms since the Unix epoch. */
  sinceMs: number;
}

export class Backlog {
  /** By recording and file, the oldest first: files are added in the order in which they were written. */
  readonly #recordings = new Map<string, Map<string, Waiting>>();
  #files = 0;

  /** How many files wait, those that are being uploaded included. */
  get files(): number {
    return this.#files;
  }

  /** A file that is added twice is counted once. */
  add({ row }: JournaledFile): void {
    const files = this.#recordings.get(row.recordingId) ?? new Map<string, Waiting>();
    if (!files.has(row._id)) this.#files += 1;
    files.set(row._id, { bytes: row.bytes, sinceMs: fromInstant(row.writtenAt) });
    this.#recordings.set(row.recordingId, files);
  }

  remove({ row }: JournaledFile): void {
    const files = this.#recordings.get(row.recordingId);
    if (files?.delete(row._id)) this.#files -= 1;
    if (files?.size === 0) this.#recordings.delete(row.recordingId);
  }

  /** The recordings with a file that was written before `limitMs`. */
  lateSince(limitMs: number): Map<string, WaitingUploads> {
    const late = new Map<string, WaitingUploads>();
    for (const [recordingId, files] of this.#recordings) {
      const [oldest] = files.values();
      if (!oldest || oldest.sinceMs >= limitMs) continue;
      let bytes = 0;
      for (const file of files.values()) bytes += file.bytes;
      late.set(recordingId, { files: files.size, bytes, sinceMs: oldest.sinceMs });
    }
    return late;
  }
}
