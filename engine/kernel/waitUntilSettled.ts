import type { Clock } from './Clock.ts';
import { delay } from './retry.ts';

/** Waits until all promises have settled, for `limitMs` at most. Resolves to whether they have; never rejects. */
export async function waitUntilSettled(promises: Iterable<Promise<unknown>>, { clock, limitMs }: { clock: Clock; limitMs: number }): Promise<boolean> {
  const settled = new AbortController();
  const timeout = delay(clock, limitMs, settled.signal).then(
    () => false,
    () => false,
  );
  const areSettled = await Promise.race([Promise.allSettled(promises).then(() => true), timeout]);
  settled.abort();
  return areSettled;
}
