// Responsible for how much of each recording waits for the store, and since when. Owns an entry for each waiting file. The
// files of earlier runs are added once, from a reading of the journal that may be out of date by then.
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
  /** By recording and file. */
  readonly #recordings = new Map<string, Map<string, Waiting>>();
  #files = 0;
  /** Files that were removed before `addEarlier`; undefined after it. */
  #removedEarly: Set<string> | undefined = new Set();

  /** It has the files of earlier runs, too. */
  get isCounted(): boolean {
    return this.#removedEarly === undefined;
  }

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

  /** Adds the files of earlier runs, without those that were removed since they were read. Once only. */
  addEarlier(files: readonly JournaledFile[]): void {
    const removed = this.#removedEarly;
    if (!removed) return;
    this.#removedEarly = undefined;
    for (const file of files) if (!removed.has(file.row._id)) this.add(file);
  }

  remove({ row }: JournaledFile): void {
    this.#removedEarly?.add(row._id);
    const files = this.#recordings.get(row.recordingId);
    if (files?.delete(row._id)) this.#files -= 1;
    if (files?.size === 0) this.#recordings.delete(row.recordingId);
  }

  /** The recordings with a file that was written before `limitMs`. */
  lateSince(limitMs: number): Map<string, WaitingUploads> {
    const late = new Map<string, WaitingUploads>();
    for (const [recordingId, files] of this.#recordings) {
      const waiting = { files: files.size, bytes: 0, sinceMs: Infinity };
      for (const { bytes, sinceMs } of files.values()) {
        waiting.bytes += bytes;
        waiting.sinceMs = Math.min(waiting.sinceMs, sinceMs);
      }
      if (waiting.sinceMs < limitMs) late.set(recordingId, waiting);
    }
    return late;
  }
}
