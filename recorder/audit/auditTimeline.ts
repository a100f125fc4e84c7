import { initKey, segmentKey } from '../journal/keys.ts';
import { groupOf } from '../journal/rows.ts';
import type { EpochStart, InitSegmentRow, SegmentRow } from '../journal/rows.ts';
import type { RecordingListing } from '../hls/mediaPlaylist.ts';
import type { Damage } from './AuditReport.ts';
import { epochJoinMs } from '../limits.ts';

/** Times in rows are rounded to the microsecond. */
const roundingMs = 0.01;

/** Checks sequence, times and epochs of the rows of one track, and their init segments. Pure. */
export function auditTimeline(segments: readonly SegmentRow[], { recording, inits }: RecordingListing): Damage[] {
  const damages: Damage[] = [];
  const seen = new Set<string>();
  for (const [index, segment] of segments.entries()) {
    const before = segments[index - 1];
    const { key, sequence, startMs, sha256 } = segment;
    const expected = before ? before.sequence + 1 : 0;
    if (sequence !== expected || key !== segmentKey(segment, sequence)) damages.push({ kind: 'sequence', what: key, detail: `sequence ${sequence}, expected ${expected}` });
    if (seen.has(key) || seen.has(sha256)) damages.push({ kind: 'twice', what: key });
    seen.add(key).add(sha256);
    const earliestMs = before ? before.startMs + before.durationMs : 0;
    if (startMs < earliestMs - roundingMs) damages.push({ kind: 'overlap', what: key, detail: `begins at ${startMs} ms, ${(earliestMs - startMs).toFixed(3)} ms too early` });
    const mismatch = epochMismatch(segment, { before, inits, epochs: recording.epochs[groupOf[segment.track]] });
    if (mismatch) damages.push({ kind: 'epoch', what: key, detail: mismatch });
  }
  return damages;
}

interface EpochContext {
  before: SegmentRow | undefined;
  inits: readonly InitSegmentRow[];
  epochs: readonly EpochStart[];
}

function epochMismatch({ epoch, track, recordingId, startMs }: SegmentRow, { before, inits, epochs }: EpochContext): string | undefined {
  if (before && epoch < before.epoch) return `epoch ${epoch} after epoch ${before.epoch}`;
  const start = epochs.find((one) => one.epoch === epoch);
  if (!start) return `epoch ${epoch} has no start`;
  if (startMs < start.startMs - epochJoinMs - roundingMs) return `begins at ${startMs} ms, epoch ${epoch} at ${start.startMs} ms`;
  const init = inits.find((one) => one.track === track && one.epoch === epoch);
  if (!init || init.state === 'lost') return `epoch ${epoch} has no init segment`;
  return init.key === initKey({ recordingId, track }, epoch) ? undefined : `its init segment has the key ${init.key}`;
}
