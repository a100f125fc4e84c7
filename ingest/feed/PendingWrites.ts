import { ffmpegStallMs, ffmpegStartAllowanceMs } from '../limits.ts';

/** One that leaves out pictures, three of four at most, has no word for the last ones when its source stands still. */
const owingFrom = 4;

/**
 * What a child process, which answers what it is fed, has not answered yet. It is silent from the write on that left it
 * owing a word, not from its last word on: its source may stand still for long, and then deliver much at once.
 */
export class PendingWrites {
  #count = 0;
  #owingSinceMs = 0;
  #mayStartUntilMs: number;

  constructor(startedAtMs: number) {
    this.#mayStartUntilMs = startedAtMs + ffmpegStartAllowanceMs;
  }

  get count(): number {
    return this.#count;
  }

  noteWrite(nowMs: number): void {
    this.#count += 1;
    if (this.#count === owingFrom) this.#owingSinceMs = Math.max(nowMs, this.#mayStartUntilMs);
  }

  noteAnswer(): void {
    this.#count = 0;
    this.#mayStartUntilMs = -Infinity;
  }

  /** How long it has owed a word; 0 while it owes none. */
  silentMs(nowMs: number): number {
    return this.#count < owingFrom ? 0 : Math.max(0, nowMs - this.#owingSinceMs);
  }

  /** It will never answer. */
  hangs(nowMs: number): boolean {
    return this.silentMs(nowMs) > ffmpegStallMs;
  }
}
