import type { RecordingTrack } from './rows.ts';

export interface TrackOfRecording {
  recordingId: string;
  track: RecordingTrack;
}

/** The prefix of all keys of a recording, in the store and in the spool. */
export function recordingPrefix(recordingId: string): string {
  return `recordings/${recordingId}/`;
}

/** The id of the recording that a key belongs to. */
export function recordingIdIn(key: string): string {
  return key.split('/')[1] ?? '';
}

/** The object with the rows of a folded recording. */
export function foldKey(recordingId: string): string {
  return `${recordingPrefix(recordingId)}rows.json`;
}

export function initKey(of: TrackOfRecording, epoch: number): string {
  return `${recordingPrefix(of.recordingId)}${of.track}/init-${epoch}.mp4`;
}

export function isInitKey(key: string): boolean {
  return /\/init-\d+\.mp4$/.test(key);
}

export function segmentKey(of: TrackOfRecording, sequence: number): string {
  return `${recordingPrefix(of.recordingId)}${of.track}/${String(sequence).padStart(6, '0')}.m4s`;
}

/** The `_id` of the row of an init segment. Entries count from 0 in each recording, in the order of writing. */
export function initEntryId(recordingId: string, entry: number): string {
  return `${recordingId}:i${entry}`;
}

/** The `_id` of the row of a segment. */
export function segmentEntryId(recordingId: string, entry: number): string {
  return `${recordingId}:s${entry}`;
}
