import { CodedError } from '#engine/contract';
import type { Clock } from '#engine/kernel';
import type { MediaGate } from './RecordingLibrary.ts';

interface Viewer {
  userId: string;
  lectureId: string;
}

interface RememberedAnswer {
  answer: Promise<boolean>;
  untilMs: number;
}

/** A removal on another node is known here after so long; with the life of a signed address it is less than a minute. */
const permissionMemoryMs = 10_000;
const sweepAbove = 10_000;

/**
 * Who may watch what, asked of the gate at most every ten seconds for each viewer. Owns that memory; `forget` drops it,
 * so that a removal works with the next request.
 */
export class WatchPermissions {
  readonly #gate: MediaGate;
  readonly #clock: Clock;
  readonly #answers = new Map<string, RememberedAnswer>();

  constructor(gate: MediaGate, clock: Clock) {
    this.#gate = gate;
    this.#clock = clock;
  }

  /** @throws CodedError `access.denied` */
  async require(viewer: Viewer): Promise<void> {
    if (!(await this.#mayWatch(viewer))) throw new CodedError('access.denied', 'You may not watch this lecture, or no longer.');
  }

  forget(userId: string, lectureId: string): void {
    this.#answers.delete(keyOf({ userId, lectureId }));
  }

  #mayWatch(viewer: Viewer): Promise<boolean> {
    const key = keyOf(viewer);
    const nowMs = this.#clock.nowMs();
    const known = this.#answers.get(key);
    if (known && known.untilMs > nowMs) return known.answer;
    const asked = { answer: this.#gate.mayWatch(viewer.userId, viewer.lectureId), untilMs: nowMs + permissionMemoryMs };
    this.#sweep(nowMs);
    this.#answers.set(key, asked);
    return this.#kept(key, asked);
  }

  /** A question that failed is asked again by the next request. */
  async #kept(key: string, asked: RememberedAnswer): Promise<boolean> {
    try {
      return await asked.answer;
    } catch (err) {
      if (this.#answers.get(key) === asked) this.#answers.delete(key);
      throw err;
    }
  }

  #sweep(nowMs: number): void {
    if (this.#answers.size < sweepAbove) return;
    for (const [key, { untilMs }] of this.#answers) if (untilMs <= nowMs) this.#answers.delete(key);
  }
}

function keyOf({ userId, lectureId }: Viewer): string {
  return `${userId} ${lectureId}`;
}
