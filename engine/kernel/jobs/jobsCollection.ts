import type { Collection, Database } from '../database/index.ts';
import type { JobRow } from './JobRow.ts';

/** Each query of the queue is served by one of these indexes. */
export function openJobs(database: Database): Collection<JobRow> {
  return database.collection<JobRow>({
    name: 'jobs',
    indexes: [
      { keys: { uniqueKey: 1 }, unique: true, sparse: true },
      { keys: { slot: 1 }, unique: true, sparse: true },
      // The next job of a kind.
      { keys: { kind: 1, state: 1, priority: -1, queuedAtMs: 1 } },
      // Delays that have passed, and leases that have expired.
      { keys: { state: 1, wakeAtMs: 1 } },
      // The list, and what is too old for it.
      { keys: { state: 1, changedAtMs: -1, _id: -1 } },
    ],
  });
}
