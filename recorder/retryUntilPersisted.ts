import { retry } from '#engine/kernel';
import type { Clock } from '#engine/kernel';

/** Tries a write until the database takes it; rejects only when `signal` has said stop. */
export function retryUntilPersisted(write: () => Promise<void>, { clock, signal }: { clock: Clock; signal: AbortSignal }): Promise<void> {
  return retry(write, { clock, firstDelayMs: 1000, maxDelayMs: 5000, attempts: Infinity, signal });
}
