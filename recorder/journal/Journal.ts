// Responsible for the rows of recordings, their init segments and their segments. A row is durable when its promise
// resolves. Owns the collections `recordings`, `initSegments` and `segments`.
import { LRUCache } from 'lru-cache';
import { DuplicateKeyError, newId } from '#engine/kernel';
import type { Collection, Database } from '#engine/kernel';
import { isInitKey } from './keys.ts';
import { recordingTracks } from './rows.ts';
import { maxKnownFiles } from '../limits.ts';
import type { EpochStart, InitSegmentRow, RecordingRow, RecordingTrack, SegmentRow, SegmentState, TrackGroup } from './rows.ts';

/** A file of a recording with its row: an init segment or a segment. */
export type JournaledFile = { kind: 'init'; row: InitSegmentRow } | { kind: 'segment'; row: SegmentRow };

export interface NewRecording {
  lectureId: string;
  courseId: string;
  /** ISO 8601 */
  startedAt: string;
  /** BCP 47 */
  language?: string;
}

/** All files of a recording. */
export interface RecordingExtent {
  segments: SegmentRow[];
  inits: InitSegmentRow[];
}

export class Journal {
  readonly #recordings: Collection<RecordingRow>;
  readonly #inits: Collection<InitSegmentRow>;
  readonly #segments: Collection<SegmentRow>;
  /** Rows by key: every viewer of a lecture requests the same files. */
  readonly #files = new LRUCache<string, JournaledFile>({ max: maxKnownFiles });
  /** Changes of states. A row that was read before the last one may be out of date. */
  #stateChanges = 0;

  constructor(database: Database) {
    this.#recordings = database.collection<RecordingRow>({
      name: 'recordings',
      indexes: [{ keys: { lectureId: 1 }, unique: true }, { keys: { state: 1, isStored: 1 } }, { keys: { isShown: 1 } }, { keys: { startedAt: 1, _id: 1 } }],
    });
    this.#inits = database.collection<InitSegmentRow>({
      name: 'initSegments',
      indexes: [{ keys: { recordingId: 1, track: 1, epoch: 1 }, unique: true }, { keys: { state: 1, writtenAt: 1 } }, { keys: { key: 1 } }],
    });
    this.#segments = database.collection<SegmentRow>({
      name: 'segments',
      indexes: [
        { keys: { recordingId: 1, track: 1, sequence: 1 }, unique: true },
        { keys: { state: 1, writtenAt: 1 } },
        { keys: { recordingId: 1, state: 1 } },
        { keys: { key: 1 } },
      ],
    });
  }

  /** The recording of a lecture, which has only one; created if it does not exist. */
  async openRecording(of: NewRecording): Promise<RecordingRow> {
    const known = await this.ofLecture(of.lectureId);
    if (known) return known;
    const epochs = { main: [{ epoch: 0, startMs: 0 }], screen: [{ epoch: 0, startMs: 0 }] };
    const row: RecordingRow = { _id: newId('rec'), ...of, state: 'recording', endedAt: null, timelineEndMs: 0, epochs, isStored: false, isShown: false };
    await this.#recordings.insertOne(row);
    return row;
  }

  async recording(recordingId: string): Promise<RecordingRow | undefined> {
    return (await this.#recordings.findOne({ _id: recordingId })) ?? undefined;
  }

  async ofLecture(lectureId: string): Promise<RecordingRow | undefined> {
    return (await this.#recordings.findOne({ lectureId })) ?? undefined;
  }

  /** All recordings, in the order in which their lectures began. */
  all(): AsyncIterable<RecordingRow> {
    return this.#recordings.iterate({}, { sort: { startedAt: 1, _id: 1 } });
  }

  /** Recordings that their video may not show in their final state. */
  async notShown(): Promise<RecordingRow[]> {
    return this.#recordings.find({ isShown: false });
  }

  /** Recordings of older versions, which have no `isShown`. */
  unmarked(): AsyncIterable<RecordingRow> {
    return this.#recordings.iterate({ isShown: null });
  }

  /** Recordings that are not finished. After a restart, each is continued or finished. */
  async openRecordings(): Promise<RecordingRow[]> {
    return this.#recordings.find({ state: { $in: ['recording', 'closing'] } });
  }

  async finishedButNotStored(): Promise<RecordingRow[]> {
    return this.#recordings.find({ state: 'finished', isStored: false });
  }

  async changeRecording(recordingId: string, change: Partial<Omit<RecordingRow, '_id' | 'epochs'>>): Promise<void> {
    await this.#recordings.updateOne({ _id: recordingId }, { $set: change });
  }

  async setEpochs(recordingId: string, group: TrackGroup, starts: readonly EpochStart[]): Promise<void> {
    const change = group === 'main' ? { 'epochs.main': [...starts] } : { 'epochs.screen': [...starts] };
    await this.#recordings.updateOne({ _id: recordingId }, { $set: change });
  }

  /** Succeeds when the same row exists: the response to an earlier attempt may have been lost. */
  async add(file: JournaledFile): Promise<void> {
    try {
      await (file.kind === 'init' ? this.#inits.insertOne(file.row) : this.#segments.insertOne(file.row));
    } catch (err) {
      if (!(err instanceof DuplicateKeyError) || (await this.byKey(file.row.key))?.row.sha256 !== file.row.sha256) throw err;
    }
  }

  async byKey(key: string): Promise<JournaledFile | undefined> {
    const known = this.#files.get(key);
    if (known) return known;
    const changes = this.#stateChanges;
    const file = await this.#read(key);
    if (file && changes === this.#stateChanges) this.#files.set(key, file);
    return file;
  }

  async setState(file: JournaledFile, state: SegmentState): Promise<void> {
    const filter = { _id: file.row._id };
    try {
      await (file.kind === 'init' ? this.#inits.updateOne(filter, { $set: { state } }) : this.#segments.updateOne(filter, { $set: { state } }));
    } finally {
      this.#stateChanges += 1;
      this.#files.delete(file.row.key);
    }
  }

  /** The files that are not stored yet, the oldest first; init segments before segments. `limit` applies to each kind. */
  async waiting(limit = 0): Promise<JournaledFile[]> {
    const oldestFirst = { sort: { writtenAt: 1 }, limit } as const;
    const inits = await this.#inits.find({ state: 'written' }, oldestFirst);
    const segments = await this.#segments.find({ state: 'written' }, oldestFirst);
    return [...inits.map((row) => ({ kind: 'init', row }) as const), ...segments.map((row) => ({ kind: 'segment', row }) as const)];
  }

  async isAllStored(recordingId: string): Promise<boolean> {
    const filter = { recordingId, state: 'written' } as const;
    return (await this.#segments.countDocuments(filter)) === 0 && (await this.#inits.countDocuments(filter)) === 0;
  }

  /** All files of a recording; segments by track and sequence. */
  async extent(recordingId: string): Promise<RecordingExtent> {
    const segments: SegmentRow[] = [];
    for (const track of recordingTracks) segments.push(...(await this.segmentsOf(recordingId, track)));
    return { segments, inits: await this.#inits.find({ recordingId }) };
  }

  /** The segments of a track from a sequence on. */
  async segmentsOf(recordingId: string, track: RecordingTrack, from = 0): Promise<SegmentRow[]> {
    return this.#segments.find({ recordingId, track, sequence: { $gte: from } }, { sort: { sequence: 1 } });
  }

  /** Where the recording ends, ms of the lecture's clock. */
  async endMs(recordingId: string): Promise<number> {
    let endMs = 0;
    for (const track of recordingTracks) {
      const [last] = await this.#segments.find({ recordingId, track }, { sort: { sequence: -1 }, limit: 1 });
      if (last) endMs = Math.max(endMs, last.startMs + last.durationMs);
    }
    return endMs;
  }

  async initsOf(recordingId: string): Promise<InitSegmentRow[]> {
    return this.#inits.find({ recordingId });
  }

  async #read(key: string): Promise<JournaledFile | undefined> {
    if (isInitKey(key)) {
      const row = await this.#inits.findOne({ key });
      return row ? { kind: 'init', row } : undefined;
    }
    const row = await this.#segments.findOne({ key });
    return row ? { kind: 'segment', row } : undefined;
  }
}
