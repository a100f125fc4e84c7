import type { Clock } from './Clock.ts';
import { delay } from './retry.ts';

/** Resolves to true when all promises have settled, or to false after `limitMs`. Never rejects. */
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
