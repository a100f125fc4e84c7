import type { Clock } from './Clock.ts';
import { persistRetry } from './limits.ts';
import { retry } from './retry.ts';

/**
 * Repeats a database write until it succeeds. The delays are 1, 2, 4 and then 5 s, plus jitter. Rejects only after `signal` has
 * aborted.
 */
export function retryUntilPersisted(write: () => Promise<void>, { clock, signal }: { clock: Clock; signal: AbortSignal }): Promise<void> {
  return retry(write, { ...persistRetry, clock, attempts: Infinity, signal });
}
