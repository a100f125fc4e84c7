// Responsible for bringing cut segments to the disk and into the journal, in their order: the file first, whole and
// synced, then its row. When the disk or the journal takes nothing it goes on trying from memory, and says when that is
// full: what is written is whole, and a hole is made where frames come in, by whoever can fill it. Owns the queue.
import type { DiskTrouble } from '#engine/contract';
import { delay, toInstant } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import type { CutSegment } from '../hls/cutting/CutSegment.ts';
import type { Journal, JournaledFile } from '../journal/Journal.ts';
import type { EpochStart, RecordingTrack, TrackGroup } from '../journal/rows.ts';
import { diskTrouble } from './diskTrouble.ts';
import { describeInit, describeSegment } from './describeCut.ts';
import type { WritingPlace } from './describeCut.ts';
import type { Spool } from './Spool.ts';

export interface SegmentWriterOptions {
  recordingId: string;
  zeroMs: number;
  journal: Journal;
  spool: Spool;
  clock: Clock;
  logger: Logger;
  /** How many bytes may wait in memory for a disk that takes none; a segment in progress more. */
  queueLimitBytes: number;
  resume: { sequences: ReadonlyMap<RecordingTrack, number>; initEpochs: ReadonlyMap<RecordingTrack, number> };
  onWritten(file: JournaledFile): void;
  /** Null when it writes again. */
  onTrouble(trouble: DiskTrouble | null): void;
  /** No more can wait in memory, or there is room again. */
  onCrowded(isCrowded: boolean): void;
}

type Task = { kind: 'epochs'; group: TrackGroup; starts: readonly EpochStart[] } | { kind: 'segment'; cut: CutSegment; bytes: number };

const retryDelayMs = 1000;

export class SegmentWriter {
  readonly #options: SegmentWriterOptions;
  readonly #sequences: Map<RecordingTrack, number>;
  readonly #initEpochs: Map<RecordingTrack, number>;
  readonly #stopping = new AbortController();
  #tasks: Task[] = [];
  #queuedBytes = 0;
  #running: Promise<void> | undefined;
  #trouble: DiskTrouble | null = null;
  #isCrowded = false;

  constructor(options: SegmentWriterOptions) {
    this.#options = options;
    this.#sequences = new Map(options.resume.sequences);
    this.#initEpochs = new Map(options.resume.initEpochs);
  }

  epochs(group: TrackGroup, starts: readonly EpochStart[]): void {
    this.#enqueue({ kind: 'epochs', group, starts });
  }

  segment(cut: CutSegment): void {
    const bytes = cut.samples.reduce((sum, sample) => sum + sample.data.length, 0);
    this.#queuedBytes += bytes;
    this.#enqueue({ kind: 'segment', cut, bytes });
    this.#measureCrowd();
  }

  /** Everything handed in so far is in the journal, or given up. */
  async drained(): Promise<void> {
    await this.#running;
  }

  /** Stops trying; what is still in memory is lost. */
  close(): void {
    this.#stopping.abort(new Error('the recorder is closing'));
  }

  #enqueue(task: Task): void {
    this.#tasks.push(task);
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    // The caller goes on first: cutting never waits for writing.
    await Promise.resolve();
    for (let task = this.#tasks[0]; task && !this.#stopping.signal.aborted; task = this.#tasks[0]) {
      const trouble = await this.#tryToWrite(task);
      if (!trouble) this.#forget(task);
      this.#setTrouble(trouble);
      if (trouble) await delay(this.#options.clock, retryDelayMs, this.#stopping.signal).catch(() => undefined);
    }
    this.#running = undefined;
  }

  async #tryToWrite(task: Task): Promise<DiskTrouble | null> {
    const { journal, recordingId, logger } = this.#options;
    try {
      if (task.kind === 'epochs') await journal.setEpochs(recordingId, task.group, task.starts);
      else await this.#write(task.cut);
      return null;
    } catch (err) {
      const trouble = diskTrouble(err);
      if (trouble !== this.#trouble) logger.error({ err, recordingId, trouble }, 'recording.writeFailed');
      return trouble;
    }
  }

  async #write(cut: CutSegment): Promise<void> {
    const { recordingId, zeroMs, clock } = this.#options;
    const { track } = cut;
    const place: WritingPlace = { recordingId, zeroMs, writtenAt: toInstant(clock.nowMs()) };
    if ((this.#initEpochs.get(track) ?? -1) < cut.epoch) {
      await this.#store({ kind: 'init', ...describeInit(cut, place) });
      this.#initEpochs.set(track, cut.epoch);
    }
    const sequence = this.#sequences.get(track) ?? 0;
    await this.#store({ kind: 'segment', ...describeSegment(cut, sequence, place) });
    this.#sequences.set(track, sequence + 1);
  }

  async #store(file: JournaledFile & { bytes: Uint8Array }): Promise<void> {
    const { journal, spool } = this.#options;
    await spool.write(file.row.key, file.bytes);
    await journal.add(file);
    this.#options.onWritten(file);
  }

  #forget(task: Task): void {
    const index = this.#tasks.indexOf(task);
    if (index < 0) return;
    this.#tasks.splice(index, 1);
    if (task.kind === 'segment') this.#queuedBytes -= task.bytes;
    this.#measureCrowd();
  }

  /** It takes up again only when half is written, so that it does not go to and fro with each segment. */
  #measureCrowd(): void {
    const { queueLimitBytes, logger, recordingId } = this.#options;
    const isCrowded = this.#queuedBytes > (this.#isCrowded ? queueLimitBytes / 2 : queueLimitBytes);
    if (isCrowded === this.#isCrowded) return;
    this.#isCrowded = isCrowded;
    if (isCrowded) logger.error({ recordingId, queuedBytes: this.#queuedBytes }, 'recording.suspended');
    else logger.warn({ recordingId }, 'recording.resumed');
    this.#options.onCrowded(isCrowded);
  }

  #setTrouble(trouble: DiskTrouble | null): void {
    if (trouble === this.#trouble) return;
    this.#trouble = trouble;
    this.#options.onTrouble(trouble);
  }
}
