import { ffmpegStallMs, ffmpegStartAllowanceMs } from '../limits.ts';

/** ffmpeg may drop up to three of four frames, so when its source stalls, the last three writes may have no output. */
const minPendingWrites = 4;

/**
 * The writes to a child process that it has not answered with output. Its silence counts from the write that makes output
 * due, and not from the last output: its source may stall for long and then deliver much at once.
 */
export class PendingWrites {
  #count = 0;
  #pendingSinceMs = 0;
  #startAllowedUntilMs: number;

  constructor(startedAtMs: number) {
    this.#startAllowedUntilMs = startedAtMs + ffmpegStartAllowanceMs;
  }

  get count(): number {
    return this.#count;
  }

  noteWrite(nowMs: number): void {
    this.#count += 1;
    if (this.#count === minPendingWrites) this.#pendingSinceMs = Math.max(nowMs, this.#startAllowedUntilMs);
  }

  noteOutput(): void {
    this.#count = 0;
    this.#startAllowedUntilMs = -Infinity;
  }

  /** How long output has been due; 0 while none is. */
  silentMs(nowMs: number): number {
    return this.#count < minPendingWrites ? 0 : Math.max(0, nowMs - this.#pendingSinceMs);
  }

  /** The process hangs: it will not answer. */
  isHung(nowMs: number): boolean {
    return this.silentMs(nowMs) > ffmpegStallMs;
  }
}
