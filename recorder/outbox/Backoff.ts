// Responsible for when a failed upload is tried again: each after its own growing delay, and nothing at all while the
// store is away. Where it is away for one upload only, the others get past that. Owns its timers.
import type { Clock } from '#engine/kernel';

const firstDelayMs = 1000;
const longestDelayMs = 30_000;
/** One upload every so often finds out that the store is back; the less of the lecture waits then. */
const longestPauseMs = 10_000;

interface Failure {
  attempts: number;
  isHeld: boolean;
  cancel: () => void;
}

interface UploadFailure extends Failure {
  isStoreAway: boolean;
  /** The store has taken another upload since, and this one was tried again at once. */
  isExcused: boolean;
}

export class Backoff {
  readonly #clock: Clock;
  readonly #onDue: () => void;
  readonly #failures = new Map<string, UploadFailure>();
  #pause: Failure = { attempts: 0, isHeld: false, cancel: () => undefined };

  constructor(clock: Clock, onDue: () => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /** The store is away. */
  get isPaused(): boolean {
    return this.#pause.isHeld;
  }

  /** It was away, and nothing has arrived there since. */
  get isProbing(): boolean {
    return this.#pause.attempts > 0;
  }

  get heldCount(): number {
    return this.#failures.size;
  }

  isHeld(id: string): boolean {
    return this.#failures.get(id)?.isHeld ?? false;
  }

  /** Held only because the store was away when it was tried: it can find out whether that is back. */
  canProbe(id: string): boolean {
    return this.isProbing && (this.#failures.get(id)?.isStoreAway ?? false);
  }

  succeeded(id: string): void {
    this.forget(id);
    this.#pause.attempts = 0;
    for (const failure of this.#failures.values()) if (failure.isStoreAway && !failure.isExcused) excuse(failure);
  }

  /** It is not tried again. */
  forget(id: string): void {
    this.#failures.get(id)?.cancel();
    this.#failures.delete(id);
  }

  /** Returns after how long it is tried again, or another in its place. */
  failed(id: string, isStoreAway: boolean): number {
    const failure = this.#failures.get(id) ?? { attempts: 0, isHeld: false, isStoreAway, isExcused: false, cancel: () => undefined };
    failure.isStoreAway = isStoreAway;
    this.#failures.set(id, failure);
    const delayMs = this.#hold(failure, longestDelayMs);
    if (!isStoreAway) return delayMs;
    return this.#pause.isHeld ? 0 : this.#hold(this.#pause, longestPauseMs);
  }

  close(): void {
    this.#pause.cancel();
    for (const failure of this.#failures.values()) failure.cancel();
  }

  #hold(failure: Failure, longestMs: number): number {
    const delayMs = Math.min(longestMs, firstDelayMs * 2 ** failure.attempts);
    failure.attempts += 1;
    failure.isHeld = true;
    failure.cancel();
    failure.cancel = this.#clock.after(delayMs, () => {
      failure.isHeld = false;
      this.#onDue();
    });
    return delayMs;
  }
}

function excuse(failure: UploadFailure): void {
  failure.cancel();
  failure.attempts = 0;
  failure.isHeld = false;
  failure.isExcused = true;
}
