// Responsible for how much of each recording waits for the store, and since when. Owns a few words for each waiting file.
import { fromInstant } from '#engine/kernel';
import type { JournaledFile } from '../journal/Journal.ts';

interface Waiting {
  bytes: number;
  sinceMs: number;
}

/** What of one recording waits. */
export interface WaitingUploads {
  files: number;
  bytes: number;
  /** The oldest; ms since the Unix epoch. */
  sinceMs: number;
}

export class Backlog {
  /** By recording and file, the oldest first: files are written, and so added, in the order of time. */
  readonly #recordings = new Map<string, Map<string, Waiting>>();

  /** A file that is known already is not counted twice. */
  add({ row }: JournaledFile): void {
    const files = this.#recordings.get(row.recordingId) ?? new Map<string, Waiting>();
    files.set(row._id, { bytes: row.bytes, sinceMs: fromInstant(row.writtenAt) });
    this.#recordings.set(row.recordingId, files);
  }

  remove({ row }: JournaledFile): void {
    const files = this.#recordings.get(row.recordingId);
    files?.delete(row._id);
    if (files?.size === 0) this.#recordings.delete(row.recordingId);
  }

  /** Recordings of which something has waited since before then. */
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
