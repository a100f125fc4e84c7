import { fromInstant } from '#engine/kernel';
import type { Database } from '#engine/kernel';
import { Journal } from './Journal.ts';

/**
 * The end of the longest recording that an earlier run left unfinished, ms of the server's clock; 0 when there is none.
 * Frames with earlier times would be dropped.
 */
export async function recordedUntil(database: Database): Promise<number> {
  const journal = new Journal(database);
  let untilMs = 0;
  for (const { _id, startedAt } of await journal.openRecordings()) {
    untilMs = Math.max(untilMs, fromInstant(startedAt) + (await journal.endMs(_id)));
  }
  return untilMs;
}
