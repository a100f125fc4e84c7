import type { Clock } from './Clock.ts';

/** Up to this fraction of a delay is added at random, so that callers that fail together do not retry together. */
const maxJitter = 0.25;

export interface RetryOptions {
  clock: Clock;
  /** Delay before the second attempt, in ms. It doubles with each attempt. */
  firstDelayMs: number;
  /** Upper bound of the delay, in ms, before jitter. */
  maxDelayMs: number;
  /** Number of attempts in all; Infinity to stop only when `signal` aborts. */
  attempts: number;
  /** Stops the retries. During a delay, an abort rejects with its reason. During an attempt, the attempt ends first. */
  signal?: AbortSignal;
  /** Called after each failed attempt that will be repeated. `attempt` counts from 1. */
  onFailure?(error: unknown, attempt: number, nextDelayMs: number): void;
}

/** Resolves after `delayMs`. Rejects with the reason of the abort when `signal` aborts first. */
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

/**
 * Runs `task` until it succeeds. The delay before attempt n + 1 is min(maxDelayMs, firstDelayMs × 2^(n − 1)), plus up to
 * 25 % of jitter. Rejects with the last error when all attempts have failed.
 */
export async function retry<T>(task: (attempt: number) => Promise<T>, options: RetryOptions): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await task(attempt);
    } catch (error) {
      if (attempt >= options.attempts || options.signal?.aborted) throw error;
      const backoffMs = Math.min(options.maxDelayMs, options.firstDelayMs * 2 ** (attempt - 1));
      const nextDelayMs = backoffMs * (1 + Math.random() * maxJitter);
      options.onFailure?.(error, attempt, nextDelayMs);
      await delay(options.clock, nextDelayMs, options.signal);
    }
  }
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason });
}
