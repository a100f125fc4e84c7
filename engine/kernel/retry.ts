import type { Clock } from './Clock.ts';

export interface RetryOptions {
  clock: Clock;
  firstDelayMs: number;
  maxDelayMs: number;
  /** How often to try in all; Infinity until `signal` says stop. */
  attempts: number;
  signal?: AbortSignal;
  onFailure?(error: unknown, attempt: number, nextDelayMs: number): void;
}

export function delay(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(toError(signal.reason));
    const cancel = clock.after(delayMs, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    const onAbort = () => {
      cancel();
      reject(toError(signal?.reason));
    };
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** Tries again after 1, 2, 4 … times the first delay, with up to a quarter of jitter. */
export async function retry<T>(task: (attempt: number) => Promise<T>, options: RetryOptions): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await task(attempt);
    } catch (error) {
      if (attempt >= options.attempts || options.signal?.aborted) throw error;
      const backoffMs = Math.min(options.maxDelayMs, options.firstDelayMs * 2 ** (attempt - 1));
      const nextDelayMs = backoffMs * (1 + Math.random() / 4);
      options.onFailure?.(error, attempt, nextDelayMs);
      await delay(options.clock, nextDelayMs, options.signal);
    }
  }
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason });
}
