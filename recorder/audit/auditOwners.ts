import type { RecordingListing } from '../hls/mediaPlaylist.ts';
import type { WrittenEntry } from '../journal/rows.ts';
import type { Damage } from './AuditReport.ts';

type Entry = WrittenEntry & { key: string };

/** Finds rows that an owner wrote after a later owner had taken the recording over. Pure. */
export function auditOwners({ inits, segments }: Pick<RecordingListing, 'inits' | 'segments'>): Damage[] {
  return [...lateRows(inits), ...lateRows(segments)];
}

function lateRows(rows: readonly Entry[]): Damage[] {
  const damages: Damage[] = [];
  let highest = 0;
  // Rows of older versions have no entry; they come first.
  for (const { key, fence = 0 } of [...rows].sort((a, b) => (a.entry ?? -1) - (b.entry ?? -1))) {
    if (fence < highest) damages.push({ kind: 'owner', what: key, detail: `owner ${fence} after owner ${highest}` });
    highest = Math.max(highest, fence);
  }
  return damages;
}
