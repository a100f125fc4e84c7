import { fromInstant } from '#engine/kernel';
import type { Database } from '#engine/kernel';
import { Journal } from './journal/Journal.ts';

/**
 * The lectures whose recordings an earlier run left open, and up to when each is written: ms of the server's clock. What
 * comes before that time finds its place taken.
 */
export async function recordedUntil(database: Database): Promise<ReadonlyMap<string, number>> {
  const journal = new Journal(database);
  const until = new Map<string, number>();
  for (const { _id, lectureId, startedAt } of await journal.openRecordings()) {
    const endMs = await journal.endMs(_id);
    if (endMs !== undefined) until.set(lectureId, fromInstant(startedAt) + endMs);
  }
  return until;
}
