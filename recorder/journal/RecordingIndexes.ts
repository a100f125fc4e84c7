// Responsible for keeping indexes of recordings in memory: read from the journal once, then updated as segments are
// written. Owns the most recently used ones, up to a number of segments.
import { fromInstant } from '#engine/kernel';
import type { Clock } from '#engine/kernel';
import { followIncompleteMs, followIntervalMs, lastUploadsMs, maxIndexedSegments, segmentsOfEmptyIndex } from '../limits.ts';
import type { Journal } from './Journal.ts';
import { RecordingIndex } from './RecordingIndex.ts';
import { recordingTracks } from './rows.ts';
import type { JournaledFile, RecordingRow, SegmentRow } from './rows.ts';

/** How to notice what other processes record. */
export interface FollowOptions {
  clock: Clock;
  /** This process records it, and adds its files. */
  isRecordedHere: (recordingId: string) => boolean;
}

export class RecordingIndexes {
  readonly #journal: Journal;
  readonly #maxSegments: number;
  readonly #follow: FollowOptions | undefined;
  /** When the growing recordings of other processes were read last. */
  readonly #followed = new WeakMap<RecordingIndex, { atMs: number; reading: Promise<void> }>();
  /** The least recently used first. */
  readonly #indexes = new Map<string, Promise<RecordingIndex | undefined>>();
  /** What each index takes of `maxSegments`. */
  readonly #sizes = new Map<string, number>();
  #totalSize = 0;
  #checking: Promise<void> | undefined;

  constructor(journal: Journal, { maxSegments = maxIndexedSegments, follow }: { maxSegments?: number; follow?: FollowOptions } = {}) {
    this.#journal = journal;
    this.#maxSegments = maxSegments;
    this.#follow = follow;
  }

  async get(recordingId: string): Promise<RecordingIndex | undefined> {
    const known = this.#indexes.get(recordingId) ?? this.#read(recordingId);
    this.#indexes.delete(recordingId);
    this.#indexes.set(recordingId, known);
    const index = await known.catch((err: unknown) => {
      this.#forgetIf(recordingId, known);
      throw err;
    });
    if (index && (await this.#hasStoredMore(index))) {
      this.#forgetIf(recordingId, known);
      return this.get(recordingId);
    }
    if (index) await this.#readGrowth(index);
    if (index) this.#measure(recordingId, index);
    else this.#forgetIf(recordingId, known);
    return index;
  }

  /** The next `get` reads the journal. */
  forget(recordingId: string): void {
    this.#indexes.delete(recordingId);
    this.#totalSize -= this.#sizes.get(recordingId) ?? 0;
    this.#sizes.delete(recordingId);
  }

  /**
   * Reads finished recordings again some of whose segments were on other nodes, when these have stored or lost some of them. A
   * growing one keeps its gaps, because the entries of its playlists do not change.
   */
  forgetIncomplete(): Promise<void> {
    this.#checking ??= this.#forgetChanged().finally(() => (this.#checking = undefined));
    return this.#checking;
  }

  /** Adds a file that was journaled. An index that is being read may have its row or not. */
  add(file: JournaledFile): void {
    if (file.kind === 'segment') return this.#update(file.row.recordingId, (index) => index.append(file.row));
    const init = file.row;
    // Epochs are journaled before the init segment that belongs to them.
    this.#update(init.recordingId, async (index) => index.addInit(init, await this.#recordingOf(index)));
  }

  /** Reads the recording's own row again. */
  refresh(recordingId: string): void {
    this.#update(recordingId, async (index) => index.replaceRecording(await this.#recordingOf(index)));
  }

  async #forgetChanged(): Promise<void> {
    for (const [recordingId, known] of [...this.#indexes]) {
      const index = await known.catch(() => undefined);
      if (!index || index.isComplete || index.recording.state !== 'finished') continue;
      const isUnchanged = index.wasFinished && (await this.#journal.countElsewhere(recordingId)) === index.segmentsElsewhere;
      if (!isUnchanged) this.#forgetIf(recordingId, known);
    }
  }

  #update(recordingId: string, change: (index: RecordingIndex) => void | Promise<void>): void {
    const known = this.#indexes.get(recordingId);
    if (!known) return;
    const next = known.then(async (index) => {
      if (index) await change(index);
      return index;
    });
    this.#indexes.set(recordingId, next);
    next.catch(() => this.#forgetIf(recordingId, next));
  }

  async #recordingOf({ recording }: RecordingIndex): Promise<RecordingRow> {
    return (await this.#journal.recording(recording._id)) ?? recording;
  }

  async #read(recordingId: string): Promise<RecordingIndex | undefined> {
    const recording = await this.#journal.recording(recordingId);
    if (!recording) return undefined;
    const { segments, inits } = await this.#journal.extent(recordingId);
    const isGrowing = this.#isGrowingElsewhere(recording, segments);
    const here = isGrowing ? recordingTracks.flatMap((track) => this.#storedSoFar(recording, segments.filter((row) => row.track === track))) : segments.map((row) => this.#asSeenHere(row));
    // It ends when its last segments are stored.
    const shown: RecordingRow = isGrowing && recording.state === 'finished' ? { ...recording, state: 'closing' } : recording;
    return new RecordingIndex(shown, { inits, segments: here, segmentsElsewhere: segments.filter((row) => this.#journal.isElsewhere(row)).length });
  }

  /** Another process is recording it, or has not stored its last segments yet. */
  #isGrowingElsewhere({ _id, state, endedAt, fence }: RecordingRow, segments: readonly SegmentRow[]): boolean {
    if (!this.#follow || this.#follow.isRecordedHere(_id)) return false;
    if (state !== 'finished') return true;
    const isRecent = endedAt !== null && this.#follow.clock.nowMs() - fromInstant(endedAt) < lastUploadsMs;
    return isRecent && segments.some((row) => row.fence === fence && this.#journal.isElsewhere(row));
  }

  /** A finished recording has segments that other nodes have stored or lost since it was read. Many requests share one look. */
  async #hasStoredMore(index: RecordingIndex): Promise<boolean> {
    if (!this.#follow || index.isComplete || index.recording.state !== 'finished') return false;
    const nowMs = this.#follow.clock.nowMs();
    const lastMs = this.#followed.get(index)?.atMs;
    if (lastMs === undefined || nowMs - lastMs >= followIncompleteMs) this.#followed.set(index, { atMs: nowMs, reading: Promise.resolve() });
    if (lastMs === undefined || nowMs - lastMs < followIncompleteMs) return false;
    return (await this.#journal.countElsewhere(index.recording._id)) !== index.segmentsElsewhere;
  }

  /** Adds what another process has stored meanwhile. Many requests share one look at the journal. */
  async #readGrowth(index: RecordingIndex): Promise<void> {
    if (!this.#follow || index.recording.state === 'finished' || this.#follow.isRecordedHere(index.recording._id)) return;
    const nowMs = this.#follow.clock.nowMs();
    const last = this.#followed.get(index);
    if (last && nowMs - last.atMs < followIntervalMs) return last.reading;
    const reading = last ? last.reading.catch(() => undefined).then(() => this.#append(index)) : Promise.resolve();
    this.#followed.set(index, { atMs: nowMs, reading });
    return reading;
  }

  async #append(index: RecordingIndex): Promise<void> {
    const recordingId = index.recording._id;
    const recording = await this.#recordingOf(index);
    // Its last segments may be stored or not: the next request reads all of it.
    if (recording.state === 'finished') return this.forget(recordingId);
    for (const init of await this.#journal.initsOf(recordingId)) index.addInit(init, recording);
    for (const track of recordingTracks) {
      const rows = await this.#journal.segmentsOf(recordingId, track, index.nextSequence(track));
      for (const row of this.#storedSoFar(recording, rows)) index.append(row);
    }
  }

  /**
   * The segments up to the first one that its owner still has to store: the entries of a playlist do not change, so that it
   * waits for that one. What an earlier owner has not stored is a gap.
   */
  #storedSoFar({ fence }: RecordingRow, rows: readonly SegmentRow[]): SegmentRow[] {
    const first = rows.findIndex((row) => this.#journal.isElsewhere(row) && row.fence === fence);
    return rows.slice(0, first < 0 ? undefined : first).map((row) => this.#asSeenHere(row));
  }

  /** What only another node has cannot be played from here. */
  #asSeenHere(row: SegmentRow): SegmentRow {
    return this.#journal.isElsewhere(row) ? { ...row, state: 'lost' } : row;
  }

  /** Drops the least recently used indexes until the others fit. */
  #measure(recordingId: string, { segments }: RecordingIndex): void {
    if (!this.#indexes.has(recordingId)) return;
    const size = segments.length + segmentsOfEmptyIndex;
    this.#totalSize += size - (this.#sizes.get(recordingId) ?? 0);
    this.#sizes.set(recordingId, size);
    for (const oldest of this.#indexes.keys()) {
      if (this.#totalSize <= this.#maxSegments || oldest === recordingId) break;
      this.forget(oldest);
    }
  }

  #forgetIf(recordingId: string, index: Promise<RecordingIndex | undefined>): void {
    if (this.#indexes.get(recordingId) === index) this.forget(recordingId);
  }
}
