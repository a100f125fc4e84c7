import { initKey, recordingPrefix, segmentKey } from '../journal/keys.ts';
import { groupOf, recordingTracks } from '../journal/rows.ts';
import type { SegmentState } from '../journal/rows.ts';
import type { RecordingListing } from '../hls/mediaPlaylist.ts';
import type { Damage, Leftover, LeftoverKind } from './AuditReport.ts';
import { storedPlaylists } from './auditPlaylists.ts';
import type { ListedFiles } from './listFiles.ts';
import { maxParallelWrites } from '../limits.ts';

export interface KnownRecording extends RecordingListing {
  posterKey: string | null;
}

export interface ForeignAudit {
  foreign: Damage[];
  leftovers: Leftover[];
}

type Verdict = 'right' | 'foreign' | LeftoverKind;

interface Expected {
  known: KnownRecording;
  rows: ReadonlyMap<string, SegmentState>;
}

/** Judges what lies in store and spool by whether a recording knows it, or a crash explains it. Pure. */
export function auditForeign(files: ListedFiles, recordings: readonly KnownRecording[]): ForeignAudit {
  const expected = new Map(recordings.map((known) => [recordingPrefix(known.recording._id), { known, rows: rowsOf(known) }]));
  const result: ForeignAudit = { foreign: [], leftovers: files.drafts.map((what) => ({ kind: 'draft', what })) };
  const judge = (key: string, place: string, of: (key: string, expected: Expected) => Verdict) => {
    const recording = expected.get(prefixOf(key));
    const verdict = recording ? of(key, recording) : 'foreign';
    if (verdict === 'foreign') result.foreign.push({ kind: 'foreign', what: key, detail: `in the ${place}` });
    else if (verdict !== 'right') result.leftovers.push({ kind: verdict, what: key });
  };
  for (const key of files.stored) judge(key, 'store', judgeStored);
  for (const key of files.spooled) judge(key, 'spool', judgeSpooled);
  return result;
}

function rowsOf({ inits, segments }: KnownRecording): Map<string, SegmentState> {
  return new Map([...inits, ...segments].map(({ key, state }) => [key, state]));
}

function judgeStored(key: string, { known, rows }: Expected): Verdict {
  const { recording, posterKey } = known;
  const state = rows.get(key);
  if (state) return state === 'lost' ? 'foreign' : 'right';
  if (key === posterKey) return 'right';
  if (key === `${recordingPrefix(recording._id)}poster.jpg`) return 'notCatalogued';
  if (recording.state !== 'finished' || !storedPlaylists(known).has(key)) return 'foreign';
  return recording.isStored ? 'right' : 'notPublished';
}

/** Rows are written behind their files, so that the next few files of each track may wait for theirs. */
function judgeSpooled(key: string, { known, rows }: Expected): Verdict {
  const state = rows.get(key);
  if (state) return state === 'written' ? 'right' : 'alreadyStored';
  const { recording, segments } = known;
  const isNext = recordingTracks.some((track) => {
    const of = { recordingId: recording._id, track };
    const last = segments.findLast((segment) => segment.track === track)?.sequence ?? -1;
    const next = Array.from({ length: maxParallelWrites }, (_, index) => segmentKey(of, last + 1 + index));
    return next.includes(key) || recording.epochs[groupOf[track]].some(({ epoch }) => key === initKey(of, epoch));
  });
  return isNext ? 'unjournaled' : 'foreign';
}

function prefixOf(key: string): string {
  return key.split('/').slice(0, 2).map((part) => `${part}/`).join('');
}
