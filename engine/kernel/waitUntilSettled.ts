import type { Clock } from './Clock.ts';
import { delay } from './retry.ts';

/** Waits until all have settled, but no longer than that; says whether they have. */
export async function waitUntilSettled(promises: Iterable<Promise<unknown>>, { clock, limitMs }: { clock: Clock; limitMs: number }): Promise<boolean> {
  const limit = new AbortController();
  const tooLong = delay(clock, limitMs, limit.signal).then(
    () => false,
    () => false,
  );
  const isSettled = await Promise.race([Promise.allSettled(promises).then(() => true), tooLong]);
  limit.abort();
  return isSettled;
}
