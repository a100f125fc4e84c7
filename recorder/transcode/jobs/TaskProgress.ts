// Responsible for showing how far a task is, and for noticing that nobody wants it any more: its transcode was cancelled, or its video
// deleted. Owns the timer of its checks, and its last write.
import { background } from '#engine/kernel';
import { progressIntervalMs } from '../limits.ts';
import type { TranscoderOptions } from './TranscoderOptions.ts';
import { shareOf } from './TranscodeStore.ts';
import type { TranscodeRow } from './TranscodeStore.ts';

/** The work is not wanted any more. It is no failure. */
export class Abandoned extends Error {
  override readonly name = 'Abandoned';
}

export interface TaskOf {
  videoId: string;
  runId: string;
  task: string;
}

interface TaskProgressOptions extends Pick<TranscoderOptions, 'transcodes' | 'videos' | 'clock' | 'logger'> {
  /** Of the job. */
  signal: AbortSignal;
  /** False: the task does not count towards the progress of the video. */
  isCounted: boolean;
}

export class TaskProgress {
  /** Aborts when the job is stopped, or the work abandoned. */
  readonly signal: AbortSignal;
  readonly #of: TaskOf;
  readonly #options: TaskProgressOptions;
  readonly #abandon = new AbortController();
  #share = 0;
  #cancelTimer: () => void = () => undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(of: TaskOf, options: TaskProgressOptions) {
    this.#of = of;
    this.#options = options;
    this.signal = AbortSignal.any([options.signal, this.#abandon.signal]);
    this.#schedule();
  }

  /** The share is stored within two seconds. Only files that are stored make a task complete. */
  show(share: number): void {
    this.#share = Math.min(0.99, share);
  }

  /** The files of the task are stored. Returns the state of all tasks. @throws Abandoned */
  async complete(): Promise<TranscodeRow> {
    await this.close();
    const row = await this.#write(1);
    if (!row) throw new Abandoned('the transcode was cancelled');
    return row;
  }

  /** @throws Abandoned */
  async requireWanted(): Promise<void> {
    if (!(await this.#isWanted())) throw new Abandoned('the transcode was cancelled');
  }

  /** Waits for a write in progress. */
  async close(): Promise<void> {
    this.#cancelTimer();
    await Promise.allSettled([this.#writing]);
  }

  #schedule(): void {
    const { clock, logger } = this.#options;
    this.#cancelTimer = clock.after(progressIntervalMs, () => {
      this.#schedule();
      this.#writing = this.#check();
      background('transcode.progress', this.#writing, logger);
    });
  }

  /** Also while ffmpeg stands still. */
  async #check(): Promise<void> {
    const isWanted = this.#options.isCounted ? (await this.#write(this.#share)) !== undefined : await this.#isWanted();
    if (!isWanted) this.#abandon.abort(new Abandoned('the transcode was cancelled'));
  }

  async #isWanted(): Promise<boolean> {
    const { transcodes, videos } = this.#options;
    const [row, video] = await Promise.all([transcodes.find(this.#of.videoId), videos.find(this.#of.videoId)]);
    return row?.runId === this.#of.runId && video !== undefined && video.deletedAt === null;
  }

  /** Undefined when the work is not wanted any more. */
  async #write(share: number): Promise<TranscodeRow | undefined> {
    const { transcodes, videos } = this.#options;
    const row = await transcodes.progress(this.#of.videoId, this.#of, share);
    const isKept = row && (await videos.setWork(this.#of.videoId, { stage: 'encoding', share: shareOf(row) }));
    return isKept ? row : undefined;
  }
}
