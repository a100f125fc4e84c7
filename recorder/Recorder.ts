// Responsible for all recordings of this node: one for each lecture attached, their way into the store, and what was
// left of earlier runs. Owns the lecture recorders, the outbox, the spool and the watch over the disk, and closes them; not the database or the
// store.
import { background, Emitter, fromInstant, KeyedMutex, retryUntilPersisted, settledWithin, toInstant } from '#engine/kernel';
import type { Clock, Database, Logger } from '#engine/kernel';
import type { RecordingNote, StoreTrouble } from '#engine/contract';
import { DiskMonitor } from './capture/DiskMonitor.ts';
import { LectureRecorder } from './capture/LectureRecorder.ts';
import type { RecordableLecture } from './capture/RecordableLecture.ts';
import type { Spool } from './capture/Spool.ts';
import type { RecorderConfig } from './config.ts';
import { JournalLibrary } from './journal/JournalLibrary.ts';
import type { WaitingUploads } from './outbox/Backlog.ts';
import { Outbox } from './outbox/Outbox.ts';
import { publishPlaylists } from './outbox/publishPlaylists.ts';
import type { Journal } from './journal/Journal.ts';
import type { JournaledFile } from './journal/Journal.ts';
import { RecordingIndexes } from './journal/RecordingIndexes.ts';
import type { RecordingRow } from './journal/rows.ts';
import type { RecorderEvent } from './RecorderEvent.ts';
import type { ObjectStore } from './storage/ObjectStore.ts';
import { drainTimeoutMs, finishAbandonedTimeoutMs, growthIntervalMs, lastPlaylistsTimeoutMs } from './limits.ts';

export interface RecorderOptions {
  database: Database;
  store: ObjectStore;
  clock: Clock;
  logger: Logger;
  config: RecorderConfig;
  /** The spool is a folder in it. */
  spoolFolder: string;
}

/** A recording that is going on. */
export interface LectureRecording {
  readonly recordingId: string;
  /**
   * The lecture has ended. Resolves when its recording is a video that can be played to its end, or when the recorder was
   * closed before the disk took the rest: then the next run finishes it.
   */
  finish(): Promise<void>;
}

interface Active {
  row: RecordingRow;
  recorder: LectureRecorder;
  lecture: RecordableLecture;
  lastNotifiedAtMs: number;
}

export class Recorder {
  readonly journal: Journal;
  readonly recordings: JournalLibrary;
  readonly #options: RecorderOptions;
  readonly #spool: Spool;
  readonly #indexes: RecordingIndexes;
  readonly #outbox: Outbox;
  readonly #events: Emitter<RecorderEvent>;
  readonly #disk: DiskMonitor;
  readonly #active = new Map<string, Active>();
  /** Their lectures are over, and the disk has not taken the rest yet. */
  readonly #finishing = new Set<LectureRecorder>();
  /** A recording has one that writes it at a time. */
  readonly #writers = new KeyedMutex();
  readonly #closing = new AbortController();
  #publishing: Promise<void> | undefined;

  constructor(options: RecorderOptions, parts: { journal: Journal; spool: Spool }) {
    this.#options = options;
    this.#spool = parts.spool;
    this.journal = parts.journal;
    this.#indexes = new RecordingIndexes(this.journal);
    this.recordings = new JournalLibrary(this.journal, this.#indexes, this.#spool);
    this.#events = new Emitter(options.logger);
    this.#outbox = this.#createOutbox();
    this.#disk = this.#createDiskMonitor();
  }

  /** Begins the outbox and the watch over the disk. */
  start(): void {
    this.#disk.start();
    this.#outbox.start();
  }

  onEvent(listener: (event: RecorderEvent) => void): () => void {
    return this.#events.on(listener);
  }

  /** Records a lecture from now on; one that was recorded before goes on in the same recording. */
  async attach(lecture: RecordableLecture): Promise<LectureRecording> {
    const { lectureId, courseId } = lecture;
    const { logger } = this.#options;
    const known = this.#active.get(lectureId);
    if (known) throw new Error(`${lectureId} is being recorded already`);
    const row = await this.journal.openRecording({ lectureId, courseId, startedAt: toInstant(lecture.startedAtMs) });
    await this.#writers.run(row._id, () => this.#startRecording(lecture, row));
    logger.info({ lectureId, recordingId: row._id }, 'recording.started');
    this.#events.emit({ type: 'recording.started', recordingId: row._id, lectureId, courseId });
    return { recordingId: row._id, finish: () => this.#finish(lectureId) };
  }

  /**
   * Finishes what an earlier run left open and nobody has attached again: their lectures are over. What the disk or the
   * database does not take soon goes on behind the start.
   */
  async finishAbandoned(): Promise<void> {
    const attached = new Set([...this.#active.values()].map(({ row }) => row._id));
    const abandoned = (await this.journal.openRecordings()).filter(({ _id }) => !attached.has(_id));
    await settledWithin(abandoned.map(({ _id }) => this.#finishAbandoned(_id)), { clock: this.#options.clock, limitMs: finishAbandonedTimeoutMs });
  }

  /** Everything captured is written; lectures that go on can be attached again by the next run. */
  async close(): Promise<void> {
    const active = [...this.#active.values()];
    this.#active.clear();
    this.#disk.close();
    await Promise.all([...active.map(({ recorder }) => this.#drain(recorder)), ...[...this.#finishing].map((recorder) => this.#drain(recorder))]);
    this.#closing.abort(new Error('the recorder is closing'));
    for (const recorder of this.#finishing) recorder.close();
    await this.#outbox.close();
    if (this.#publishing) await settledWithin([this.#publishing], { clock: this.#options.clock, limitMs: lastPlaylistsTimeoutMs });
  }

  async #startRecording(lecture: RecordableLecture, row: RecordingRow): Promise<void> {
    const { state } = (await this.journal.recording(row._id)) ?? row;
    if (state !== 'recording') await this.journal.changeRecording(row._id, { state: 'recording', endedAt: null, isStored: false });
    this.#indexes.forget(row._id);
    const recorder = await this.#createRecorder(lecture, row);
    this.#active.set(lecture.lectureId, { row, recorder, lecture, lastNotifiedAtMs: 0 });
  }

  async #createRecorder(lecture: RecordableLecture, recording: RecordingRow): Promise<LectureRecorder> {
    const { clock, logger, config } = this.#options;
    const extent = await this.journal.extent(recording._id);
    const options = {
      lecture,
      recording,
      journal: this.journal,
      spool: this.#spool,
      clock,
      logger,
      targetSegmentMs: config.LECTERN_SEGMENT_SECONDS * 1000,
      queueLimitBytes: config.LECTERN_RECORDING_MEMORY_MB * 2 ** 20,
      onWritten: (file: JournaledFile) => this.#onWritten(lecture.lectureId, file),
    };
    return new LectureRecorder(options, extent);
  }

  #onWritten(lectureId: string, file: JournaledFile): void {
    this.#indexes.add(file);
    this.#outbox.add(file);
    const active = this.#active.get(lectureId);
    const nowMs = this.#options.clock.nowMs();
    if (!active || file.kind === 'init' || nowMs - active.lastNotifiedAtMs < growthIntervalMs) return;
    active.lastNotifiedAtMs = nowMs;
    background('recorder.notifyGrowth', this.#emit('recording.grew', active.row), this.#options.logger);
  }

  async #finish(lectureId: string): Promise<void> {
    const active = this.#active.get(lectureId);
    if (!active) return;
    const { row, recorder, lecture } = active;
    this.#active.delete(lectureId);
    if (!(await this.#writeRest(recorder))) return;
    await this.#retryUntilPersisted(() => this.#markFinished(row));
    lecture.reportRecording('finished');
  }

  async #finishAbandoned(recordingId: string): Promise<void> {
    const finish = () => this.#writers.run(recordingId, () => this.#finishWithoutMedia(recordingId));
    try {
      await finish();
    } catch (err) {
      this.#options.logger.error({ err, recordingId }, 'recording.finishFailed');
      background('recorder.finishAbandoned', this.#retryUntilPersisted(finish), this.#options.logger);
    }
  }

  /** Its tracks end where the killed process left them, and so in step. Its lecture may have been taken up meanwhile. */
  async #finishWithoutMedia(recordingId: string): Promise<void> {
    const row = await this.journal.recording(recordingId);
    if (!row || this.#active.has(row.lectureId)) return;
    const recorder = await this.#createRecorder(lectureWithoutMedia(row), row);
    if (await this.#writeRest(recorder)) await this.#markFinished(row);
  }

  /**
   * A disk that takes nothing keeps the end of a recording waiting in memory, for as long as this process runs. False when
   * it was closed before all was written: the recording stays open, and the next run takes it up.
   */
  async #writeRest(recorder: LectureRecorder): Promise<boolean> {
    this.#finishing.add(recorder);
    const isWritten = recorder.finish();
    if (this.#closing.signal.aborted) recorder.close();
    return isWritten.finally(() => this.#finishing.delete(recorder));
  }

  #retryUntilPersisted(write: () => Promise<void>): Promise<void> {
    return retryUntilPersisted(write, { clock: this.#options.clock, signal: this.#closing.signal });
  }

  async #drain(recorder: LectureRecorder): Promise<void> {
    const finished = recorder.finish();
    if (await settledWithin([finished], { clock: this.#options.clock, limitMs: drainTimeoutMs })) await finished;
    else recorder.close();
  }

  async #markFinished(row: RecordingRow): Promise<void> {
    const { clock, logger } = this.#options;
    const timelineEndMs = Math.max(...Object.values(await this.recordings.ends(row._id)));
    await this.journal.changeRecording(row._id, { state: 'finished', endedAt: toInstant(clock.nowMs()), timelineEndMs });
    this.#indexes.refresh(row._id);
    logger.info({ lectureId: row.lectureId, recordingId: row._id, timelineEndMs }, 'recording.finished');
    await this.#emit('recording.finished', row);
    this.#outbox.wake();
  }

  async #emit(type: 'recording.grew' | 'recording.finished', row: RecordingRow): Promise<void> {
    const extent = await this.recordings.extent(row._id);
    this.#events.emit({ type, recordingId: row._id, lectureId: row.lectureId, courseId: row.courseId, ...extent });
  }

  #createOutbox(): Outbox {
    const { store, clock, logger, config } = this.#options;
    return new Outbox({
      journal: this.journal,
      store,
      spool: this.#spool,
      clock,
      logger,
      concurrency: config.LECTERN_UPLOADS,
      onStoreAvailable: () => this.#publish(),
      onLost: (file) => this.#indexes.forget(file.row.recordingId),
      onBehind: (late, trouble) => {
        for (const { row, recorder } of this.#active.values()) recorder.setUpload(uploadNote(late.get(row._id), trouble));
      },
    });
  }

  #createDiskMonitor(): DiskMonitor {
    const { spoolFolder, clock, logger, config } = this.#options;
    return new DiskMonitor({
      folder: spoolFolder,
      reserveBytes: config.LECTERN_DISK_RESERVE_MB * 2 ** 20,
      clock,
      logger,
      onMinutesLeft: (minutes) => {
        for (const { recorder } of this.#active.values()) recorder.setDiskMinutesLeft(minutes);
      },
    });
  }

  #publish(): void {
    if (this.#publishing) return;
    this.#publishing = this.#publishAll().finally(() => {
      this.#publishing = undefined;
    });
    background('recorder.publishPlaylists', this.#publishing, this.#options.logger);
  }

  async #publishAll(): Promise<void> {
    for (const recordingId of await publishPlaylists(this.journal, this.#options.store)) {
      this.#options.logger.info({ recordingId }, 'recording.stored');
      this.#events.emit({ type: 'recording.stored', recordingId });
    }
  }
}

function uploadNote(waiting: WaitingUploads | undefined, trouble: StoreTrouble | null): RecordingNote['upload'] {
  return waiting ? { waitingSince: toInstant(waiting.sinceMs), waitingBytes: waiting.bytes, trouble } : null;
}

function lectureWithoutMedia({ lectureId, courseId, startedAt }: RecordingRow): RecordableLecture {
  const nothing = () => () => undefined;
  return { lectureId, courseId, startedAtMs: fromInstant(startedAt), publications: () => [], onPublication: nothing, onPaused: nothing, onUnpublished: nothing, reportRecording: () => undefined };
}
