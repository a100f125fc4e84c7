import { foldKey, initKey, recordingPrefix, segmentKey } from '../journal/keys.ts';
import { groupOf, recordingTracks } from '../journal/rows.ts';
import type { SegmentState } from '../journal/rows.ts';
import type { RecordingListing } from '../hls/mediaPlaylist.ts';
import { isOfNode } from './auditFiles.ts';
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

type FileClass = 'known' | 'foreign' | LeftoverKind;

interface Expected {
  known: KnownRecording;
  rows: ReadonlyMap<string, SegmentState>;
  /** Files that other nodes have. */
  elsewhere: ReadonlySet<string>;
}

/** Finds files in the store and in the spool of this node that no recording knows, and leftovers of a crash among them. Pure. */
export function auditForeign(files: ListedFiles, recordings: readonly KnownRecording[], nodeId: string): ForeignAudit {
  const expected = new Map(recordings.map((known) => [recordingPrefix(known.recording._id), { known, rows: rowsOf(known), elsewhere: elsewhereOf(known, nodeId) }]));
  const result: ForeignAudit = { foreign: [], leftovers: files.drafts.map((what) => ({ kind: 'draft', what })) };
  const classify = (key: string, place: string, of: (key: string, expected: Expected) => FileClass) => {
    const recording = expected.get(prefixOf(key));
    const fileClass = recording ? of(key, recording) : 'foreign';
    if (fileClass === 'foreign') result.foreign.push({ kind: 'foreign', what: key, detail: `in the ${place}` });
    else if (fileClass !== 'known') result.leftovers.push({ kind: fileClass, what: key });
  };
  for (const key of files.stored) if (!isOfVideo(key)) classify(key, 'store', classifyStored);
  for (const key of files.spooled) classify(key, 'spool', classifySpooled);
  return result;
}

/** Renditions and uploads belong to no recording. */
function isOfVideo(key: string): boolean {
  return key.startsWith('videos/') || key.startsWith('uploads/');
}

function rowsOf({ inits, segments }: KnownRecording): Map<string, SegmentState> {
  return new Map([...inits, ...segments].map(({ key, state }) => [key, state]));
}

function elsewhereOf({ inits, segments }: KnownRecording, nodeId: string): Set<string> {
  return new Set([...inits, ...segments].filter((row) => !isOfNode(row, nodeId)).map(({ key }) => key));
}

function classifyStored(key: string, { known, rows }: Expected): FileClass {
  const { recording, posterKey } = known;
  const state = rows.get(key);
  if (state) return state === 'lost' ? 'foreign' : 'known';
  if (key === posterKey) return 'known';
  if (key === `${recordingPrefix(recording._id)}poster.jpg`) return 'notCatalogued';
  if (key === foldKey(recording._id)) return recording.fold ? 'known' : 'notFolded';
  if (recording.state !== 'finished' || !storedPlaylists(known).has(key)) return 'foreign';
  return recording.isStored ? 'known' : 'notPublished';
}

/** Rows are written after their files, so the next few files of each track may have no row yet. */
function classifySpooled(key: string, { known, rows, elsewhere }: Expected): FileClass {
  // Another owner has written this entry: the row of this file was refused.
  if (elsewhere.has(key)) return 'unjournaled';
  const state = rows.get(key);
  if (state) return state === 'written' ? 'known' : 'alreadyStored';
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
