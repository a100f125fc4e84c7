// Responsible for the rows of recordings, their init segments and their segments. A row is durable when its promise
// resolves. Owns the collections `recordings`, `initSegments` and `segments`.
import { LRUCache } from 'lru-cache';
import { DuplicateKeyError, FencedError, newId, onlyNodeId } from '#engine/kernel';
import type { Collection, Database } from '#engine/kernel';
import type { ObjectStore } from '../storage/ObjectStore.ts';
import { asFinished, initsDefinition, recordingsDefinition, segmentsDefinition } from './collections.ts';
import { amountOf, FoldedRows } from './folding/FoldedRows.ts';
import type { RecordingExtent } from './folding/FoldedRows.ts';
import { unfold } from './folding/unfold.ts';
import { initEntryId, isInitKey, recordingIdIn, segmentEntryId } from './keys.ts';
import { nextEntry } from './nextEntry.ts';
import { recordingTracks } from './rows.ts';
import { maxKnownFiles } from '../limits.ts';
import { RecordingWriter } from './RecordingWriter.ts';
import type { InitSegmentRow, JournaledFile, RecordingRow, RecordingTrack, SealRow, SegmentRow, SegmentState } from './rows.ts';

export interface NewRecording {
  lectureId: string;
  courseId: string;
  /** ISO 8601 */
  startedAt: string;
  /** BCP 47 */
  language?: string;
}

export type { RecordingExtent } from './folding/FoldedRows.ts';

export class Journal {
  readonly nodeId: string;
  readonly #recordings: Collection<RecordingRow>;
  readonly #inits: Collection<InitSegmentRow>;
  readonly #segments: Collection<SegmentRow>;
  /** The seals are in the same collections. */
  readonly #initSeals: Collection<SealRow>;
  readonly #segmentSeals: Collection<SealRow>;
  /** Rows by key: every viewer of a lecture requests the same files. */
  readonly #files = new LRUCache<string, JournaledFile>({ max: maxKnownFiles });
  /** Changes of states. A row that was read before the last one may be out of date. */
  #stateChanges = 0;

  readonly #folded: FoldedRows;

  /** `nodeId`: the node whose disk holds the files that this process writes. `store`: of the rows of folded recordings. */
  constructor(database: Database, nodeId = onlyNodeId, store?: Pick<ObjectStore, 'get'>) {
    this.nodeId = nodeId;
    this.#folded = new FoldedRows(store);
    this.#recordings = database.collection<RecordingRow>(recordingsDefinition);
    this.#inits = database.collection<InitSegmentRow>(initsDefinition);
    this.#segments = database.collection<SegmentRow>(segmentsDefinition);
    this.#initSeals = database.collection<SealRow>(initsDefinition);
    this.#segmentSeals = database.collection<SealRow>(segmentsDefinition);
  }

  /**
   * Takes the recording of a lecture, which has only one, for the owner with this number; creates it if it does not exist.
   * From then on, writes of earlier owners are refused. @throws FencedError when there is a later owner
   */
  async openRecording(of: NewRecording, fence = 1): Promise<RecordingWriter> {
    const known = (await this.ofLecture(of.lectureId)) ?? (await this.#create(of));
    return this.takeRecording(known._id, fence);
  }

  /** The same for a recording that exists. */
  async takeRecording(recordingId: string, fence: number): Promise<RecordingWriter> {
    const before = await this.#unfolded(recordingId);
    // The seals come first: the number in the row says that they are written. No earlier owner can follow on the first one.
    const needsSeal = fence > 1 && before?.fence !== fence;
    const next = {
      init: await nextEntry(this.#initSeals, { recordingId, fence, needsSeal, idOf: initEntryId }),
      segment: await nextEntry(this.#segmentSeals, { recordingId, fence, needsSeal, idOf: segmentEntryId }),
    };
    const row = before?.fence === fence ? before : await this.#raiseFence(recordingId, fence);
    if (!row) throw new FencedError(recordingId, fence);
    return new RecordingWriter({ recordings: this.#recordings, inits: this.#inits, segments: this.#segments, row, fence, nodeId: this.nodeId, next });
  }

  /** The recording, with a row for each file: it may continue. */
  async #unfolded(recordingId: string): Promise<RecordingRow | undefined> {
    // What is not stored is not folded from here on.
    const row = await this.#recordings.findOneAndUpdate({ _id: recordingId, state: 'finished' }, { $set: { isStored: false } }, { returnDocument: 'after' });
    if (row?.fold) await unfold(row, row.fold, { recordings: this.#recordings, files: [this.#initSeals, this.#segmentSeals], folded: this.#folded });
    return this.recording(recordingId);
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

  /** Those that began at an instant or later, in this order. */
  startedSince(instant: string): AsyncIterable<RecordingRow> {
    return this.#recordings.iterate({ startedAt: { $gte: instant } }, { sort: { startedAt: 1, _id: 1 } });
  }

  /** What a recording has in the object store, without its playlists. */
  async storedAmount(recordingId: string): Promise<{ bytes: number; objects: number }> {
    const fold = (await this.recording(recordingId))?.fold;
    return fold ? { bytes: fold.storedBytes, objects: fold.storedObjects } : amountOf(await this.extent(recordingId));
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

  /** All files of a finished recording are stored, and its playlists too. Does nothing if it continues meanwhile. */
  async markStored(row: RecordingRow, playlistFormat: number): Promise<void> {
    await this.#recordings.updateOne(asFinished(row), { $set: { isStored: true, playlistFormat } });
  }

  /** The video shows the finished recording. Does nothing if it continues meanwhile. */
  async markShown(row: RecordingRow): Promise<void> {
    await this.#recordings.updateOne(asFinished(row), { $set: { isShown: true } });
  }

  /** Removes all rows of a recording, those of its files first. */
  async remove(recordingId: string): Promise<void> {
    for (const rows of [this.#segments, this.#inits]) await rows.deleteMany({ recordingId });
    await this.#recordings.deleteOne({ _id: recordingId });
    this.#stateChanges += 1;
    this.#files.clear();
  }

  async byKey(key: string): Promise<JournaledFile | undefined> {
    const known = this.#files.get(key);
    if (known) return known;
    const changes = this.#stateChanges;
    const file = await this.#read(key);
    // The node that has the file changes its state without notice.
    if (file && changes === this.#stateChanges && !this.isElsewhere(file.row)) this.#files.set(key, file);
    return file;
  }

  /** Only another node has the file. */
  isElsewhere({ state, nodeId }: Pick<SegmentRow, 'state' | 'nodeId'>): boolean {
    return state === 'written' && nodeId !== this.nodeId;
  }

  /** How many segments of a recording only other nodes have. */
  countElsewhere(recordingId: string): Promise<number> {
    return this.#segments.countDocuments({ recordingId, state: 'written', nodeId: { $ne: this.nodeId } });
  }

  /** Of a file of this node. */
  async setState(file: JournaledFile, state: SegmentState): Promise<void> {
    const filter = { _id: file.row._id, nodeId: this.nodeId };
    try {
      await (file.kind === 'init' ? this.#inits.updateOne(filter, { $set: { state } }) : this.#segments.updateOne(filter, { $set: { state } }));
    } finally {
      this.#stateChanges += 1;
      this.#files.delete(file.row.key);
    }
  }

  /** The files of this node that are not stored yet, the oldest first; init segments before segments. `limit` applies to each kind. */
  async waiting(limit = 0): Promise<JournaledFile[]> {
    return this.#waitingOf(this.nodeId, limit);
  }

  /** Files of older versions, whose rows name no node. */
  async waitingOfNoNode(): Promise<JournaledFile[]> {
    return this.#waitingOf(null, 0);
  }

  /** The file is on the disk of this node. */
  async adopt(file: JournaledFile): Promise<void> {
    const [filter, change] = [{ _id: file.row._id, nodeId: null }, { $set: { nodeId: this.nodeId } }];
    await (file.kind === 'init' ? this.#inits.updateOne(filter, change) : this.#segments.updateOne(filter, change));
    this.#stateChanges += 1;
    this.#files.delete(file.row.key);
  }

  async #waitingOf(nodeId: string | null, limit: number): Promise<JournaledFile[]> {
    const oldestFirst = { sort: { writtenAt: 1 }, limit } as const;
    const inits = await this.#inits.find({ nodeId, state: 'written' }, oldestFirst);
    const segments = await this.#segments.find({ nodeId, state: 'written' }, oldestFirst);
    return [...inits.map((row) => ({ kind: 'init', row }) as const), ...segments.map((row) => ({ kind: 'segment', row }) as const)];
  }

  async isAllStored(recordingId: string): Promise<boolean> {
    const filter = { recordingId, state: 'written' } as const;
    return (await this.#segments.countDocuments(filter)) === 0 && (await this.#inits.countDocuments(filter)) === 0;
  }

  /** All files of a recording; segments by track and sequence. */
  async extent(recordingId: string): Promise<RecordingExtent> {
    const folded = await this.#foldedExtent(recordingId);
    if (folded) return folded;
    const segments: SegmentRow[] = [];
    for (const track of recordingTracks) segments.push(...(await this.segmentsOf(recordingId, track)));
    const inits = await this.initsOf(recordingId);
    // It may have been folded during the read: then some of its rows were deleted before they were read.
    return (await this.#foldedExtent(recordingId)) ?? { segments, inits };
  }

  async #foldedExtent(recordingId: string): Promise<RecordingExtent | undefined> {
    const fold = (await this.recording(recordingId))?.fold;
    return fold && (await this.#folded.read(fold)).extent;
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
    return this.#inits.find({ recordingId, track: { $in: recordingTracks } });
  }

  async #raiseFence(recordingId: string, fence: number): Promise<RecordingRow | null> {
    const isNotLater = { $or: [{ fence: { $exists: false } }, { fence: { $lte: fence } }] };
    return this.#recordings.findOneAndUpdate({ _id: recordingId, ...isNotLater }, { $set: { fence } }, { returnDocument: 'after' });
  }

  /** Another owner may create it at the same time. */
  async #create(of: NewRecording): Promise<RecordingRow> {
    const epochs = { main: [{ epoch: 0, startMs: 0 }], screen: [{ epoch: 0, startMs: 0 }] };
    const row: RecordingRow = { _id: newId('rec'), ...of, state: 'recording', endedAt: null, timelineEndMs: 0, epochs, isStored: false, isShown: false, isFolded: false };
    try {
      await this.#recordings.insertOne(row);
      return row;
    } catch (err) {
      const other = err instanceof DuplicateKeyError ? await this.ofLecture(of.lectureId) : undefined;
      if (!other) throw err;
      return other;
    }
  }

  async #read(key: string): Promise<JournaledFile | undefined> {
    const recordingId = recordingIdIn(key);
    const known = this.#folded.known(recordingId)?.files.get(key) ?? (await this.#readRow(key));
    if (known) return known;
    const fold = (await this.recording(recordingId))?.fold;
    return fold && (await this.#folded.read(fold)).files.get(key);
  }

  async #readRow(key: string): Promise<JournaledFile | undefined> {
    if (isInitKey(key)) {
      const row = await this.#inits.findOne({ key });
      return row ? { kind: 'init', row } : undefined;
    }
    const row = await this.#segments.findOne({ key });
    return row ? { kind: 'segment', row } : undefined;
  }
}
