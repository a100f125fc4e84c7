// Responsible for writing complete segments to the disk and the journal, in order: first the file, synced, then its row.
// Failed writes are retried from memory. When the queue is full, it signals backpressure: segments are always complete,
// and gaps are made at the input, where the codec is known. Owns the queue.
import { delay, FencedError, toInstant } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import { compositionDelay } from '../hls/compositionDelay.ts';
import type { CompleteSegment } from '../hls/segmenting/CompleteSegment.ts';
import type { RecordingWriter } from '../journal/RecordingWriter.ts';
import type { EpochStart, JournaledFile, RecordingTrack, TrackGroup } from '../journal/rows.ts';
import { diskTrouble } from './diskTrouble.ts';
import type { WriteTrouble } from './diskTrouble.ts';
import { buildInitSegment, buildSegment } from './buildSegment.ts';
import type { SegmentContext } from './buildSegment.ts';
import type { Spool } from './Spool.ts';
import { maxParallelWrites, writeRetryMs } from '../limits.ts';

export interface SegmentWriterOptions {
  zeroMs: number;
  /** Adds the rows. */
  recording: RecordingWriter;
  spool: Spool;
  clock: Clock;
  logger: Logger;
  /** How many bytes may wait in memory while the disk fails, not counting the segments in progress. */
  queueLimitBytes: number;
  resume: { sequences: ReadonlyMap<RecordingTrack, number>; initEpochs: ReadonlyMap<RecordingTrack, number> };
  onWritten(file: JournaledFile): void;
  /** Null when writing works again. */
  onTrouble(trouble: WriteTrouble | null): void;
  /** The queue is full, or has room again. */
  onBackpressure(isBackpressured: boolean): void;
}

type SegmentTask = { kind: 'segment'; segment: CompleteSegment; bytes: number };
type Task = { kind: 'epochs'; group: TrackGroup; starts: readonly EpochStart[] } | SegmentTask;
type WrittenFile = JournaledFile & { bytes: Uint8Array };

export class SegmentWriter {
  readonly #options: SegmentWriterOptions;
  readonly #sequences: Map<RecordingTrack, number>;
  readonly #initEpochs: Map<RecordingTrack, number>;
  /** By track and epoch. */
  readonly #compositionDelays = new Map<string, number>();
  readonly #stopping = new AbortController();
  #tasks: Task[] = [];
  #queuedBytes = 0;
  #running: Promise<void> | undefined;
  #trouble: WriteTrouble | null = null;
  #isBackpressured = false;

  constructor(options: SegmentWriterOptions) {
    this.#options = options;
    this.#sequences = new Map(options.resume.sequences);
    this.#initEpochs = new Map(options.resume.initEpochs);
  }

  setEpochs(group: TrackGroup, starts: readonly EpochStart[]): void {
    this.#enqueue({ kind: 'epochs', group, starts });
  }

  addSegment(segment: CompleteSegment): void {
    const bytes = segment.samples.reduce((sum, sample) => sum + sample.data.length, 0);
    this.#queuedBytes += bytes;
    this.#enqueue({ kind: 'segment', segment, bytes });
    this.#updateBackpressure();
  }

  /** Resolves with true when every segment is in the journal, with false when `close` came first. */
  async drained(): Promise<boolean> {
    await this.#running;
    return this.#tasks.length === 0;
  }

  /** Stops retrying; segments still in memory are lost. */
  close(): void {
    this.#stopping.abort(new Error('the recorder is closing'));
  }

  #enqueue(task: Task): void {
    this.#tasks.push(task);
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    // The caller continues first: segmenting never waits for writing.
    await Promise.resolve();
    while (this.#tasks.length > 0 && !this.#stopping.signal.aborted) {
      const trouble = await this.#tryToWrite(this.#nextBatch());
      this.#setTrouble(trouble);
      if (trouble) await delay(this.#options.clock, writeRetryMs, this.#stopping.signal).catch(() => undefined);
    }
    this.#running = undefined;
  }

  /** Consecutive segments, which are written in parallel, or one other task. A failing disk is tried with one task. */
  #nextBatch(): Task[] {
    const most = this.#trouble ? 1 : maxParallelWrites;
    const end = this.#tasks.slice(0, most).findIndex(({ kind }) => kind === 'epochs');
    return this.#tasks.slice(0, end < 0 ? most : Math.max(1, end));
  }

  async #tryToWrite(tasks: readonly Task[]): Promise<WriteTrouble | null> {
    const { recording, logger } = this.#options;
    const { recordingId } = recording;
    try {
      const [first] = tasks;
      if (first?.kind === 'epochs') {
        await recording.setEpochs(first.group, first.starts);
        this.#complete(first);
      } else await this.#write(tasks.filter((task) => task.kind === 'segment'));
      return null;
    } catch (err) {
      if (err instanceof FencedError) {
        // Another process writes the recording. Files without a row are removed at the next start.
        this.close();
        return null;
      }
      const trouble = diskTrouble(err);
      if (trouble !== this.#trouble) logger.error({ err, recordingId, trouble }, 'recording.writeFailed');
      return trouble;
    }
  }

  /** Writes the files in parallel, then their rows. Segments before the first failure are complete. */
  async #write(tasks: readonly SegmentTask[]): Promise<void> {
    const planned = this.#plan(tasks);
    const written = await Promise.allSettled(planned.map(({ files }) => this.#spool(files)));
    const failure = written.findIndex(({ status }) => status === 'rejected');
    const complete = failure < 0 ? planned : planned.slice(0, failure);
    const added = await this.#options.recording.add(complete.flatMap(({ files }) => files));
    for (const { task, files, sequence } of complete) {
      const { track, epoch } = task.segment;
      this.#initEpochs.set(track, Math.max(epoch, this.#initEpochs.get(track) ?? -1));
      this.#sequences.set(track, sequence + 1);
      for (const file of added.splice(0, files.length)) this.#options.onWritten(file);
      this.#complete(task);
    }
    const failed = written[failure];
    if (failed?.status === 'rejected') throw failed.reason;
  }

  async #spool(files: readonly WrittenFile[]): Promise<void> {
    for (const { row, bytes } of files) await this.#options.spool.write(row.key, bytes);
  }

  /** The files of each segment, with an init segment first where an epoch begins. */
  #plan(tasks: readonly SegmentTask[]): { task: SegmentTask; sequence: number; files: WrittenFile[] }[] {
    const { recording, zeroMs, clock } = this.#options;
    const context: SegmentContext = { recordingId: recording.recordingId, zeroMs, writtenAt: toInstant(clock.nowMs()) };
    const sequences = new Map(this.#sequences);
    const initEpochs = new Map(this.#initEpochs);
    return tasks.map((task) => {
      const { track, epoch } = task.segment;
      const sequence = sequences.get(track) ?? 0;
      const ofEpoch = { ...context, compositionDelayTicks: this.#compositionDelay(task.segment) };
      const files: WrittenFile[] = [{ kind: 'segment', ...buildSegment(task.segment, sequence, ofEpoch) }];
      if ((initEpochs.get(track) ?? -1) < epoch) files.unshift({ kind: 'init', ...buildInitSegment(task.segment, ofEpoch) });
      initEpochs.set(track, Math.max(epoch, initEpochs.get(track) ?? -1));
      sequences.set(track, sequence + 1);
      return { task, sequence, files };
    });
  }

  /** That of the first segment of its track and epoch, for which the init segment is made. */
  #compositionDelay(segment: CompleteSegment): number {
    const key = `${segment.track}/${segment.epoch}`;
    const known = this.#compositionDelays.get(key);
    if (known !== undefined) return known;
    const delay = compositionDelay(segment);
    this.#compositionDelays.set(key, delay);
    return delay;
  }

  #complete(task: Task): void {
    const index = this.#tasks.indexOf(task);
    if (index < 0) return;
    this.#tasks.splice(index, 1);
    if (task.kind === 'segment') this.#queuedBytes -= task.bytes;
    this.#updateBackpressure();
  }

  /** Recording resumes when half of the queue is written, so that it does not toggle with every segment. */
  #updateBackpressure(): void {
    const { queueLimitBytes, logger, recording: { recordingId } } = this.#options;
    const isBackpressured = this.#queuedBytes > (this.#isBackpressured ? queueLimitBytes / 2 : queueLimitBytes);
    if (isBackpressured === this.#isBackpressured) return;
    this.#isBackpressured = isBackpressured;
    if (isBackpressured) logger.error({ recordingId, queuedBytes: this.#queuedBytes }, 'recording.suspended');
    else logger.warn({ recordingId }, 'recording.resumed');
    this.#options.onBackpressure(isBackpressured);
  }

  #setTrouble(trouble: WriteTrouble | null): void {
    if (trouble === this.#trouble) return;
    this.#trouble = trouble;
    this.#options.onTrouble(trouble);
  }
}
