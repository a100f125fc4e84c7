import type { Clock } from './Clock.ts';
import { retry } from './retry.ts';

/** Retries a write, at least every 5 s, until the database accepts it. Rejects only when `signal` aborts. */
export function retryUntilPersisted(write: () => Promise<void>, { clock, signal }: { clock: Clock; signal: AbortSignal }): Promise<void> {
  return retry(write, { clock, firstDelayMs: 1000, maxDelayMs: 5000, attempts: Infinity, signal });
}
