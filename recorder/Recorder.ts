// Responsible for all recordings of this node: one for each attached lecture, and those that earlier runs left unfinished.
// Owns the lecture recorders, the uploader, the spool and the disk monitor, and closes them; not the database or the store.
import { background, Emitter, fromInstant, KeyedMutex, waitUntilSettled, toInstant } from '#engine/kernel';
import type { Clock, Database, Logger } from '#engine/kernel';
import { CodedError } from '#engine/contract';
import type { RecordingNote, StoreTrouble } from '#engine/contract';
import { DiskMonitor } from './capture/DiskMonitor.ts';
import { diskTrouble } from './capture/diskTrouble.ts';
import type { WriteTrouble } from './capture/diskTrouble.ts';
import { LectureRecorder } from './capture/LectureRecorder.ts';
import type { RecordableLecture } from './capture/RecordableLecture.ts';
import { RecordingFinisher } from './capture/RecordingFinisher.ts';
import type { Spool } from './capture/Spool.ts';
import type { RecorderConfig } from './config.ts';
import { JournalLibrary } from './journal/JournalLibrary.ts';
import type { Journal, JournaledFile } from './journal/Journal.ts';
import { RecordingIndexes } from './journal/RecordingIndexes.ts';
import type { RecordingRow } from './journal/rows.ts';
import { finishAbandonedTimeoutMs, growthIntervalMs } from './limits.ts';
import type { WaitingUploads } from './outbox/Backlog.ts';
import { RecordingUploader } from './outbox/RecordingUploader.ts';
import type { RecorderEvent } from './RecorderEvent.ts';
import type { ObjectStore } from './storage/ObjectStore.ts';

export interface RecorderOptions {
  database: Database;
  store: ObjectStore;
  clock: Clock;
  logger: Logger;
  config: RecorderConfig;
  /** The folder of the spool. */
  spoolFolder: string;
}

/** A recording in progress. */
export interface LectureRecording {
  readonly recordingId: string;
  /**
   * Ends the recording, because its lecture has ended. Resolves when it can be played to its end, or when the recorder was
   * closed before the disk accepted the rest: then the next run finishes it.
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
  readonly #uploader: RecordingUploader;
  readonly #finisher: RecordingFinisher;
  readonly #events: Emitter<RecorderEvent>;
  readonly #disk: DiskMonitor;
  readonly #active = new Map<string, Active>();
  /** By recording: only one lecture recorder writes it at a time. */
  readonly #writers = new KeyedMutex();

  constructor(options: RecorderOptions, parts: { journal: Journal; spool: Spool }) {
    this.#options = options;
    this.#spool = parts.spool;
    this.journal = parts.journal;
    this.#indexes = new RecordingIndexes(this.journal);
    this.recordings = new JournalLibrary(this.journal, this.#indexes, this.#spool);
    this.#events = new Emitter(options.logger);
    this.#uploader = this.#createUploader();
    this.#finisher = this.#createFinisher();
    this.#disk = this.#createDiskMonitor();
  }

  /** Starts uploading and monitoring the disk. */
  start(): void {
    this.#disk.start();
    this.#uploader.start();
  }

  onEvent(listener: (event: RecorderEvent) => void): () => void {
    return this.#events.on(listener);
  }

  /** Records a lecture from now on. A lecture that was recorded before continues in the same recording. */
  async attach(lecture: RecordableLecture): Promise<LectureRecording> {
    const { lectureId, courseId } = lecture;
    const { logger } = this.#options;
    const known = this.#active.get(lectureId);
    if (known) throw new Error(`${lectureId} is being recorded already`);
    const row = await this.journal.openRecording({ lectureId, courseId, startedAt: toInstant(lecture.startedAtMs), language: this.#options.config.LECTERN_LANGUAGE });
    await this.#writers.run(row._id, () => this.#startRecording(lecture, row));
    logger.info({ lectureId, recordingId: row._id }, 'recording.started');
    this.#events.emit({ type: 'recording.started', recordingId: row._id, lectureId, courseId });
    return { recordingId: row._id, finish: () => this.#finish(lectureId) };
  }

  /**
   * Finishes the recordings that an earlier run left unfinished and whose lectures are not attached: these lectures have
   * ended. Resolves after a time limit at the latest; the rest continues in the background.
   */
  async finishAbandoned(): Promise<void> {
    const attached = new Set([...this.#active.values()].map(({ row }) => row._id));
    const abandoned = (await this.journal.openRecordings()).filter(({ _id }) => !attached.has(_id));
    await waitUntilSettled(abandoned.map(({ _id }) => this.#finishAbandoned(_id)), { clock: this.#options.clock, limitMs: finishAbandonedTimeoutMs });
  }

  /** @throws CodedError `server.busy` when the spool cannot be written now. An unavailable store is no reason: recordings wait in the spool. */
  async requireSpool(): Promise<void> {
    await this.#spool.probe().catch((cause: unknown) => {
      throw new CodedError('server.busy', `The folder of recordings cannot be written: the disk is ${spoolProblems[diskTrouble(cause)]}.`, { cause });
    });
  }

  /** Writes everything captured. The next run can attach the lectures that are still live. */
  async close(): Promise<void> {
    const active = [...this.#active.values()];
    this.#active.clear();
    this.#disk.close();
    await this.#finisher.close(active.map(({ recorder }) => recorder));
    await this.#uploader.close();
  }

  async #startRecording(lecture: RecordableLecture, row: RecordingRow): Promise<void> {
    const { state } = (await this.journal.recording(row._id)) ?? row;
    if (state !== 'recording') await this.journal.changeRecording(row._id, { state: 'recording', endedAt: null, isStored: false, isShown: false });
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
    this.#uploader.add(file);
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
    if (await this.#finisher.finish(recorder, row)) lecture.reportRecording('finished');
  }

  async #finishAbandoned(recordingId: string): Promise<void> {
    const finish = () => this.#writers.run(recordingId, () => this.#finishWithoutMedia(recordingId));
    try {
      await finish();
    } catch (err) {
      this.#options.logger.error({ err, recordingId }, 'recording.finishFailed');
      background('recorder.finishAbandoned', this.#finisher.retry(finish), this.#options.logger);
    }
  }

  /** Brings the tracks into sync that a crash left out of sync. The lecture may have been attached in the meantime. */
  async #finishWithoutMedia(recordingId: string): Promise<void> {
    const row = await this.journal.recording(recordingId);
    if (!row || this.#active.has(row.lectureId)) return;
    await this.#finisher.finishOnce(await this.#createRecorder(lectureWithoutMedia(row), row), row);
  }

  async #emit(type: 'recording.grew' | 'recording.finished', row: RecordingRow): Promise<void> {
    const extent = await this.recordings.extent(row._id);
    this.#events.emit({ type, recordingId: row._id, lectureId: row.lectureId, courseId: row.courseId, ...extent });
  }

  #createUploader(): RecordingUploader {
    const { store, clock, logger, config } = this.#options;
    return new RecordingUploader({
      journal: this.journal,
      store,
      spool: this.#spool,
      clock,
      logger,
      concurrency: config.LECTERN_UPLOADS,
      onStored: (recordingId) => this.#events.emit({ type: 'recording.stored', recordingId }),
      onLost: (file) => this.#indexes.forget(file.row.recordingId),
      onBehind: (late, trouble) => {
        for (const { row, recorder } of this.#active.values()) recorder.setUpload(uploadNote(late.get(row._id), trouble));
      },
    });
  }

  #createFinisher(): RecordingFinisher {
    const { clock, logger } = this.#options;
    return new RecordingFinisher({
      journal: this.journal,
      indexes: this.#indexes,
      recordings: this.recordings,
      clock,
      logger,
      onFinished: async (row) => {
        await this.#emit('recording.finished', row);
        this.#uploader.wake();
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
}

const spoolProblems: Record<WriteTrouble, string> = { full: 'full', readOnly: 'read-only', broken: 'broken' };

function uploadNote(waiting: WaitingUploads | undefined, trouble: StoreTrouble | null): RecordingNote['upload'] {
  return waiting ? { waitingSince: toInstant(waiting.sinceMs), waitingBytes: waiting.bytes, trouble } : null;
}

function lectureWithoutMedia({ lectureId, courseId, startedAt }: RecordingRow): RecordableLecture {
  const nothing = () => () => undefined;
  return { lectureId, courseId, startedAtMs: fromInstant(startedAt), publications: () => [], onPublication: nothing, onPaused: nothing, onUnpublished: nothing, reportRecording: () => undefined };
}
