// Responsible for showing how far a task is, and for noticing that nobody wants it any more: its transcode was cancelled, or its video
// deleted. Owns its last write.
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

export class TaskProgress {
  /** Aborts when the job is stopped, or the work abandoned. */
  readonly signal: AbortSignal;
  readonly #of: TaskOf;
  readonly #options: Pick<TranscoderOptions, 'transcodes' | 'videos' | 'clock' | 'logger'>;
  readonly #abandon = new AbortController();
  #nextWriteMs: number;
  #writing: Promise<void> = Promise.resolve();

  constructor(of: TaskOf, options: Pick<TranscoderOptions, 'transcodes' | 'videos' | 'clock' | 'logger'> & { signal: AbortSignal }) {
    this.#of = of;
    this.#options = options;
    this.signal = AbortSignal.any([options.signal, this.#abandon.signal]);
    this.#nextWriteMs = options.clock.nowMs() + progressIntervalMs;
  }

  /** Stores the share at most every two seconds. */
  show(share: number): void {
    const { clock, logger } = this.#options;
    if (clock.nowMs() < this.#nextWriteMs) return;
    this.#nextWriteMs = clock.nowMs() + progressIntervalMs;
    // Only its files being stored makes a task complete.
    this.#writing = this.#write(Math.min(0.99, share)).then(() => undefined);
    background('transcode.progress', this.#writing, logger);
  }

  /** The files of the task are stored. Returns the state of all tasks. @throws Abandoned */
  async complete(): Promise<TranscodeRow> {
    await Promise.allSettled([this.#writing]);
    const row = await this.#write(1);
    if (!row) throw new Abandoned('the transcode was cancelled');
    return row;
  }

  /** @throws Abandoned */
  async requireWanted(): Promise<void> {
    if (!(await this.#isWanted())) throw new Abandoned('the transcode was cancelled');
  }

  async #isWanted(): Promise<boolean> {
    const { transcodes, videos } = this.#options;
    const [row, video] = await Promise.all([transcodes.find(this.#of.videoId), videos.find(this.#of.videoId)]);
    return row?.runId === this.#of.runId && video !== undefined && video.deletedAt === null;
  }

  async #write(share: number): Promise<TranscodeRow | undefined> {
    const { transcodes, videos } = this.#options;
    const row = await transcodes.progress(this.#of.videoId, this.#of, share);
    const isKept = row && (await videos.setWork(this.#of.videoId, { stage: 'encoding', share: shareOf(row) }));
    if (isKept) return row;
    this.#abandon.abort(new Abandoned('the transcode was cancelled'));
    return undefined;
  }
}
