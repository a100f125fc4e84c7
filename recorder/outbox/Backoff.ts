// Responsible for when a failed upload is tried again: each after its own growing delay, and nothing at all while the
// store is away. Where it is away for one upload only, the others get past that. Owns its timers.
import type { Clock } from '#engine/kernel';
import { storeProbeMaxMs, uploadRetryFirstMs, uploadRetryMaxMs } from '../limits.ts';

interface Failure {
  attempts: number;
  isDelayed: boolean;
  cancel: () => void;
}

interface UploadFailure extends Failure {
  isStoreUnavailable: boolean;
  /** The store has taken another upload since, and this one was tried again at once. */
  wasRetriedEarly: boolean;
}

export class Backoff {
  readonly #clock: Clock;
  readonly #onDue: () => void;
  readonly #failures = new Map<string, UploadFailure>();
  #pause: Failure = { attempts: 0, isDelayed: false, cancel: () => undefined };

  constructor(clock: Clock, onDue: () => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /** The store is away. */
  get isPaused(): boolean {
    return this.#pause.isDelayed;
  }

  /** It was away, and nothing has arrived there since. */
  get isProbing(): boolean {
    return this.#pause.attempts > 0;
  }

  get delayedCount(): number {
    return this.#failures.size;
  }

  isDelayed(id: string): boolean {
    return this.#failures.get(id)?.isDelayed ?? false;
  }

  /** Held only because the store was away when it was tried: it can find out whether that is back. */
  canProbe(id: string): boolean {
    return this.isProbing && (this.#failures.get(id)?.isStoreUnavailable ?? false);
  }

  succeeded(id: string): void {
    this.forget(id);
    this.#pause.attempts = 0;
    for (const failure of this.#failures.values()) if (failure.isStoreUnavailable && !failure.wasRetriedEarly) retryNow(failure);
  }

  /** It is not tried again. */
  forget(id: string): void {
    this.#failures.get(id)?.cancel();
    this.#failures.delete(id);
  }

  /** Returns after how long it is tried again, or another in its place. */
  failed(id: string, isStoreUnavailable: boolean): number {
    const failure = this.#failures.get(id) ?? { attempts: 0, isDelayed: false, isStoreUnavailable, wasRetriedEarly: false, cancel: () => undefined };
    failure.isStoreUnavailable = isStoreUnavailable;
    this.#failures.set(id, failure);
    const delayMs = this.#delay(failure, uploadRetryMaxMs);
    if (!isStoreUnavailable) return delayMs;
    return this.#pause.isDelayed ? 0 : this.#delay(this.#pause, storeProbeMaxMs);
  }

  close(): void {
    this.#pause.cancel();
    for (const failure of this.#failures.values()) failure.cancel();
  }

  #delay(failure: Failure, longestMs: number): number {
    const delayMs = Math.min(longestMs, uploadRetryFirstMs * 2 ** failure.attempts);
    failure.attempts += 1;
    failure.isDelayed = true;
    failure.cancel();
    failure.cancel = this.#clock.after(delayMs, () => {
      failure.isDelayed = false;
      this.#onDue();
    });
    return delayMs;
  }
}

function retryNow(failure: UploadFailure): void {
  failure.cancel();
  failure.attempts = 0;
  failure.isDelayed = false;
  failure.wasRetriedEarly = true;
}
