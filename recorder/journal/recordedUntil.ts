import { fromInstant } from '#engine/kernel';
import type { Database } from '#engine/kernel';
import { Journal } from './Journal.ts';

/**
 * Up to when the recordings are written that an earlier run left open: ms of the server's clock, 0 where there is none. What
 * comes before that finds its place taken.
 */
export async function recordedUntil(database: Database): Promise<number> {
  const journal = new Journal(database);
  let untilMs = 0;
  for (const { _id, startedAt } of await journal.openRecordings()) {
    untilMs = Math.max(untilMs, fromInstant(startedAt) + (await journal.endMs(_id)));
  }
  return untilMs;
}
