/** The tracks of a recording. Different publications can feed a track, one after the other. */
export const recordingTracks = ['main-video', 'main-audio', 'screen-video'] as const;
export type RecordingTrack = (typeof recordingTracks)[number];

/** Tracks that are played together have one multivariant playlist: `main.m3u8`, `screen.m3u8`. */
export const trackGroups = ['main', 'screen'] as const;
export type TrackGroup = (typeof trackGroups)[number];

export const groupOf = {
  'main-video': 'main',
  'main-audio': 'main',
  'screen-video': 'screen',
} as const satisfies Record<RecordingTrack, TrackGroup>;

/** `closing`: capture has ended, the last segments are being journaled. */
export type RecordingRowState = 'recording' | 'closing' | 'finished';

/** `written`: complete in the spool of the node that wrote it (`nodeId`). `stored`: in the object store. `lost`: in neither; the playlist has a gap. */
export type SegmentState = 'written' | 'stored' | 'lost';

/** Where on the lecture's clock an epoch of a group begins. Epoch 0 begins at 0. */
export interface EpochStart {
  epoch: number;
  startMs: number;
}

/** The rows of the files of a finished recording as one object in the store. */
export interface RowFold {
  key: string;
  bytes: number;
  /** Of the object. */
  sha256: string;
  /** Counts the folds of the recording, from 1 on. */
  generation: number;
  /** Of the files that the rows say are stored. */
  storedBytes: number;
  storedObjects: number;
}

export interface RecordingRow {
  _id: string;
  lectureId: string;
  courseId: string;
  state: RecordingRowState;
  /** ISO 8601: zero of the lecture's clock, and of every time in the recording. */
  startedAt: string;
  endedAt: string | null;
  /** Where the recording ends on the lecture's clock; 0 until it is finished. */
  timelineEndMs: number;
  epochs: Record<TrackGroup, EpochStart[]>;
  /** All segments and playlists are in the store. */
  isStored: boolean;
  /** The number of the lease under which it is written. Absent in recordings of older versions. */
  fence?: number;
  /** The video shows the recording in its final state. Absent in recordings of older versions until that is checked. */
  isShown?: boolean;
  /** The language of the lecture, a BCP 47 tag. Absent in recordings of older versions. */
  language?: string;
  /** The format in which the playlists were stored (`playlistFormat`). Absent while they are not, and in recordings of older versions. */
  playlistFormat?: number;
  /** Its files are listed here. Their rows are being deleted, or deleted (`isFolded`). */
  fold?: RowFold;
  /** Absent in recordings of older versions. */
  isFolded?: boolean;
  /** The generation of the last fold, also after the recording was continued. */
  foldCount?: number;
}

/** How the row of a file was written. Absent in rows of older versions, except for the node, which is set at the next start. */
export interface WrittenEntry {
  /** Counts from 0 in each recording, in the order of writing. */
  entry?: number;
  /** The number of the lease under which it was written. */
  fence?: number;
  /** The node on whose disk the file is until it is stored. Only this node stores it or gives it up. */
  nodeId?: string;
  /** The generation of the fold from which the row was restored, because the recording continued. */
  refold?: number;
}

/** Closes the rows of a recording for earlier owners. It is in the same collection, and in no track. */
export interface SealRow extends Required<Pick<WrittenEntry, 'entry' | 'fence'>>, Pick<WrittenEntry, 'refold'> {
  _id: string;
  recordingId: string;
  track: 'seal';
  key: '';
  state: 'seal';
  writtenAt: '';
  nodeId: null;
  /** Its entry. */
  sequence: number;
  /** Its entry. */
  epoch: number;
}

/** The `moov` that the segments of one track and epoch need. */
export interface InitSegmentRow extends WrittenEntry {
  _id: string;
  recordingId: string;
  track: RecordingTrack;
  epoch: number;
  key: string;
  codecString: string;
  bytes: number;
  sha256: string;
  state: SegmentState;
  writtenAt: string;
  /** Belongs to black frames, not to a source. */
  isFiller: boolean;
  widthPx?: number;
  heightPx?: number;
  sampleRateHz?: number;
  channelCount?: number;
}

export interface SegmentRow extends WrittenEntry {
  _id: string;
  recordingId: string;
  track: RecordingTrack;
  /** Counts from 0 for each track, in the order of time, without gaps. */
  sequence: number;
  epoch: number;
  /** On the lecture's clock, to the microsecond. */
  startMs: number;
  durationMs: number;
  /** ISO 8601: the lecture's start plus `startMs`. */
  wallClock: string;
  key: string;
  bytes: number;
  sha256: string;
  /** Without copies of earlier frames. */
  frameCount: number;
  /** A decoder can start here. */
  isIndependent: boolean;
  /** How many bytes from the start of the file contain its first frame, if that is a keyframe of a video. */
  keyframeBytes?: number;
  /** Silence, black or a still frame, because the track has no media here. */
  isFiller: boolean;
  state: SegmentState;
  writtenAt: string;
}

/** A file of a recording with its row: an init segment or a segment. */
export type JournaledFile = { kind: 'init'; row: InitSegmentRow } | { kind: 'segment'; row: SegmentRow };
