// Responsible for all recordings of this node: one for each attached lecture, and those that earlier runs left unfinished.
// Owns the lecture recorders, the uploader, the spool and the disk monitor, and closes them; not the database or the store.
import { background, Emitter, FencedError, fromInstant, KeyedMutex, LeaseKeeper, waitUntilSettled, toInstant } from '#engine/kernel';
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
import type { Journal } from './journal/Journal.ts';
import { RecordingIndexes } from './journal/RecordingIndexes.ts';
import type { RecordingWriter } from './journal/RecordingWriter.ts';
import type { JournaledFile, RecordingRow } from './journal/rows.ts';
import { abandonedCheckIntervalMs, finishAbandonedTimeoutMs, growthIntervalMs } from './limits.ts';
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
  /** Without them, this process is the only one that uses the database. */
  leases?: LeaseKeeper;
  /** The lecture is on the air, here or in another process. Its recording is not abandoned. */
  isOnAir?: (lectureId: string) => Promise<boolean>;
}

/** A recording in progress. */
export interface LectureRecording {
  readonly recordingId: string;
  /**
   * Ends the recording, because its lecture has ended. Resolves when it can be played to its end, or when the recorder was
   * closed before the disk accepted the rest: then the next run finishes it.
   */
  finish(): Promise<void>;
  /** Stops at once without finishing the recording: another process owns the lecture, and continues it. */
  letGo(): void;
}

interface Active {
  recording: RecordingWriter;
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
  /** By lecture: only one lecture recorder writes its recording at a time. */
  readonly #writers = new KeyedMutex();
  readonly #leases: LeaseKeeper;
  #cancelAbandonedCheck: () => void = () => undefined;
  #isClosed = false;

  constructor(options: RecorderOptions, parts: { journal: Journal; spool: Spool }) {
    this.#options = options;
    this.#leases = options.leases ?? LeaseKeeper.ofOnlyProcess(options);
    this.#spool = parts.spool;
    this.journal = parts.journal;
    const isRecordedHere = (recordingId: string) => [...this.#active.values()].some(({ recording }) => recording.recordingId === recordingId);
    this.#indexes = new RecordingIndexes(this.journal, this.#leases.isShared ? { follow: { clock: options.clock, isRecordedHere } } : {});
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
    const { lectureId, courseId, fence } = lecture;
    const { logger } = this.#options;
    if (this.#active.has(lectureId)) throw new Error(`${lectureId} is being recorded already`);
    const of = { lectureId, courseId, startedAt: toInstant(lecture.startedAtMs), language: this.#options.config.LECTERN_LANGUAGE };
    const active = await this.#writers.run(lectureId, async () => this.#startRecording(lecture, await this.journal.openRecording(of, fence)));
    const { recordingId } = active.recording;
    logger.info({ lectureId, recordingId }, 'recording.started');
    this.#events.emit({ type: 'recording.started', recordingId, lectureId, courseId });
    return { recordingId, finish: () => this.#finish(active), letGo: () => this.#letGo(active) };
  }

  /**
   * Finishes the recordings whose lectures have ended, and whose process ended before they were finished. Resolves after a
   * time limit at the latest; the rest continues in the background. Where other processes may end, it is repeated.
   */
  async finishAbandoned(): Promise<void> {
    const { clock, logger } = this.#options;
    try {
      const open = (await this.journal.openRecordings()).filter(({ lectureId }) => !this.#active.has(lectureId));
      await waitUntilSettled(open.map((row) => this.#finishAbandoned(row)), { clock, limitMs: finishAbandonedTimeoutMs });
    } finally {
      // Also when the database is unavailable now.
      if (this.#leases.isShared && !this.#isClosed) {
        this.#cancelAbandonedCheck = clock.after(abandonedCheckIntervalMs, () => background('recorder.finishAbandoned', this.finishAbandoned(), logger));
      }
    }
  }

  /** @throws CodedError `server.busy` when the spool cannot be written now. An unavailable store is no reason: recordings wait in the spool. */
  async requireSpool(): Promise<void> {
    await this.#spool.probe().catch((cause: unknown) => {
      throw new CodedError('server.busy', `The folder of recordings cannot be written: the disk is ${spoolProblems[diskTrouble(cause)]}.`, { cause });
    });
  }

  /** Writes everything captured. The next run can attach the lectures that are still live. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelAbandonedCheck();
    const active = [...this.#active.values()];
    this.#active.clear();
    this.#disk.close();
    await this.#finisher.close(active.map(({ recorder }) => recorder));
    await this.#uploader.close();
  }

  async #startRecording(lecture: RecordableLecture, recording: RecordingWriter): Promise<Active> {
    if (recording.row.state !== 'recording') await recording.change({ state: 'recording', endedAt: null, isStored: false, isShown: false });
    this.#indexes.forget(recording.recordingId);
    const recorder = await this.#createRecorder(lecture, recording);
    const active: Active = { recording, recorder, lecture, lastNotifiedAtMs: 0 };
    this.#active.set(lecture.lectureId, active);
    return active;
  }

  async #createRecorder(lecture: RecordableLecture, recording: RecordingWriter): Promise<LectureRecorder> {
    const { clock, logger, config } = this.#options;
    const extent = await this.journal.extent(recording.recordingId);
    const options = {
      lecture,
      recording,
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
    background('recorder.notifyGrowth', this.#emit('recording.grew', active.recording.row), this.#options.logger);
  }

  async #finish(active: Active): Promise<void> {
    const { recording, recorder, lecture } = active;
    if (this.#active.get(lecture.lectureId) !== active) return;
    this.#active.delete(lecture.lectureId);
    if (await this.#finisher.finish(recorder, recording)) lecture.reportRecording('finished');
  }

  #letGo(active: Active): void {
    const { recording, recorder, lecture } = active;
    if (this.#active.get(lecture.lectureId) === active) this.#active.delete(lecture.lectureId);
    recorder.close();
    this.#indexes.forget(recording.recordingId);
    this.#options.logger.info({ lectureId: lecture.lectureId, recordingId: recording.recordingId }, 'recording.letGo');
  }

  async #finishAbandoned({ _id: recordingId, lectureId }: RecordingRow): Promise<void> {
    const finish = async () => {
      if (await this.#options.isOnAir?.(lectureId)) return;
      await this.#leases.run(lectureId, ({ fence }) => this.#writers.run(lectureId, () => this.#finishWithoutMedia(recordingId, fence)));
    };
    try {
      await finish();
    } catch (err) {
      // Another process finishes it.
      if (err instanceof FencedError) return;
      this.#options.logger.error({ err, recordingId }, 'recording.finishFailed');
      background('recorder.finishAbandoned', this.#finisher.retry(finish), this.#options.logger);
    }
  }

  /** Brings the tracks into sync that a crash left out of sync. The lecture may have been attached in the meantime. */
  async #finishWithoutMedia(recordingId: string, fence: number): Promise<void> {
    const row = await this.journal.recording(recordingId);
    if (!row || row.state === 'finished' || this.#active.has(row.lectureId)) return;
    const recording = await this.journal.takeRecording(recordingId, fence);
    await this.#finisher.finishOnce(await this.#createRecorder(lectureWithoutMedia(row, fence), recording), recording);
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
      onStoreAvailable: () => background('recorder.forgetIncomplete', this.#indexes.forgetIncomplete(), logger),
      onStored: (recordingId) => this.#events.emit({ type: 'recording.stored', recordingId }),
      onLost: (file) => this.#indexes.forget(file.row.recordingId),
      onBehind: (late, trouble) => {
        for (const { recording, recorder } of this.#active.values()) recorder.setUpload(uploadNote(late.get(recording.recordingId), trouble));
      },
    });
  }

  #createFinisher(): RecordingFinisher {
    const { clock, logger } = this.#options;
    return new RecordingFinisher({
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

function lectureWithoutMedia({ lectureId, courseId, startedAt }: RecordingRow, fence: number): RecordableLecture {
  const nothing = () => () => undefined;
  return { lectureId, courseId, fence, startedAtMs: fromInstant(startedAt), publications: () => [], onPublication: nothing, onPaused: nothing, onUnpublished: nothing, reportRecording: () => undefined };
}
