import type { TimeRange } from '../journal/timeRanges.ts';
import type { RecordingRowState, RecordingTrack } from '../journal/rows.ts';

/** Damage, which no crash explains. */
export const damageKinds = {
  missing: 'is neither in the store nor in the spool',
  corrupt: 'has other content than the journal says',
  lost: 'is marked as lost: the recording has a gap',
  gap: 'has a gap, at which browsers stop',
  twice: 'exists twice',
  sequence: 'breaks the sequence of its track',
  overlap: 'overlaps the previous segment of its track',
  epoch: 'does not match the epochs of its group',
  playlist: 'does not match the journal',
  length: 'has another length than its segments',
  owner: 'was written by a process that did not own the lecture any longer',
  foreign: 'is unknown to the journal',
} as const;
export type DamageKind = keyof typeof damageKinds;

/** What a crash may leave behind. The next start repairs it. */
export const leftoverKinds = {
  draft: 'written in part',
  unjournaled: 'written without a row',
  alreadyStored: 'stored, but not yet marked as stored or removed from the spool',
  notPublished: 'stored before the recording was marked as stored',
  notFolded: 'written, while its recording still has a row for each of its files',
  notCatalogued: 'missing or outdated in the list of videos',
} as const;
export type LeftoverKind = keyof typeof leftoverKinds;

export interface Damage {
  kind: DamageKind;
  /** The key of a file, or the name or id of something else. */
  what: string;
  detail?: string;
}

export interface Leftover {
  kind: LeftoverKind;
  what: string;
}

export interface TrackAudit {
  track: RecordingTrack;
  segments: number;
  /** On the lecture's clock. */
  endMs: number;
  /** Where the track has published media, not fillers. */
  presence: TimeRange[];
}

export interface RecordingAudit {
  recordingId: string;
  lectureId: string;
  state: RecordingRowState;
  isStored: boolean;
  tracks: TrackAudit[];
  /** Number of segments and init segments in the spool of this node that are not stored yet. */
  waiting: number;
  /** The same for the spools of other nodes, which this audit does not read. */
  waitingElsewhere: number;
  damages: Damage[];
  leftovers: Leftover[];
}

export interface AuditReport {
  /** There is no damage. Leftovers are no damage. */
  isWhole: boolean;
  recordings: RecordingAudit[];
  /** Files that belong to no recording. */
  foreign: Damage[];
  /** Leftovers that belong to no recording. */
  leftovers: Leftover[];
}
