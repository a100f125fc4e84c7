import type { TimeRange } from '../journal/timeRanges.ts';
import type { RecordingRowState, RecordingTrack } from '../journal/rows.ts';

/** What must never be. */
export const damageKinds = {
  missing: 'is neither in the store nor in the spool',
  corrupt: 'has another content than the journal says',
  lost: 'is written down as lost: a gap of the recording',
  twice: 'is there twice',
  sequence: 'breaks the sequence of its track',
  overlap: 'overlaps what is before it in its track',
  epoch: 'does not fit the epochs of its group',
  playlist: 'does not say what the journal says',
  length: 'has another length than its segments',
  foreign: 'is not known to the journal',
} as const;
export type DamageKind = keyof typeof damageKinds;

/** What a process that was killed may leave behind; the next start takes care of it. */
export const leftoverKinds = {
  draft: 'was being written',
  unjournaled: 'was written, its row was not',
  alreadyStored: 'is in the store, and its row or its file in the spool does not show it yet',
  notPublished: 'was put into the store before the recording was marked as stored',
  notCatalogued: 'is not in the catalogue as it is',
} as const;
export type LeftoverKind = keyof typeof leftoverKinds;

export interface Damage {
  kind: DamageKind;
  /** A key, or the name of what is meant. */
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
  /** Where there is what was published, and not black or silence made here. */
  presence: TimeRange[];
}

export interface RecordingAudit {
  recordingId: string;
  lectureId: string;
  state: RecordingRowState;
  isStored: boolean;
  tracks: TrackAudit[];
  /** Segments and init segments that are not in the store yet. */
  waiting: number;
  damages: Damage[];
  leftovers: Leftover[];
}

export interface AuditReport {
  /** No damage anywhere; leftovers are none. */
  isWhole: boolean;
  recordings: RecordingAudit[];
  /** What belongs to no recording. */
  foreign: Damage[];
  /** Of no recording in particular. */
  leftovers: Leftover[];
}
