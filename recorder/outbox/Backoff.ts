// Responsible for when failed uploads are repeated: each after its own growing delay. While the store is unavailable, all
// uploads pause, and single ones probe it. A store that is unavailable for one file only does not block the others. Owns
// its timers.
import type { Clock } from '#engine/kernel';
import { storeProbeMaxMs, uploadRetryFirstMs, uploadRetryMaxMs } from '../limits.ts';

interface Failure {
  attempts: number;
  isDelayed: boolean;
  cancel: () => void;
}

interface UploadFailure extends Failure {
  isStoreUnavailable: boolean;
  /** It was repeated without delay, because another upload had succeeded. */
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

  /** The store is unavailable: nothing is uploaded until the next probe. */
  get isPaused(): boolean {
    return this.#pause.isDelayed;
  }

  /** The store was unavailable, and no upload has succeeded since. */
  get isProbing(): boolean {
    return this.#pause.attempts > 0;
  }

  get failureCount(): number {
    return this.#failures.size;
  }

  isDelayed(id: string): boolean {
    return this.#failures.get(id)?.isDelayed ?? false;
  }

  /** The upload is delayed only because the store was unavailable, so it can probe the store. */
  canProbe(id: string): boolean {
    return this.isProbing && (this.#failures.get(id)?.isStoreUnavailable ?? false);
  }

  succeeded(id: string): void {
    this.forget(id);
    this.#pause.attempts = 0;
    for (const failure of this.#failures.values()) if (failure.isStoreUnavailable && !failure.wasRetriedEarly) retryNow(failure);
  }

  /** The upload is not repeated. */
  forget(id: string): void {
    this.#failures.get(id)?.cancel();
    this.#failures.delete(id);
  }

  /** Returns after how many ms this upload, or another probe, is next; 0 when a probe is scheduled already. */
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
