import type { InitSegmentRow, RecordingRow, RecordingTrack, SegmentRow } from '../journal/rows.ts';
import { groupOf } from '../journal/rows.ts';
import { PlaylistLines } from './PlaylistLines.ts';
import { targetDurationSeconds } from '../limits.ts';

/** What playlists are made from. */
export interface RecordingListing {
  recording: RecordingRow;
  inits: readonly InitSegmentRow[];
  /** Of every track, each by sequence. */
  segments: readonly SegmentRow[];
}

/** RFC 8216bis §8: EXT-X-GAP needs 8, EXT-X-SKIP 9. */
const [version, deltaVersion] = [8, 9];

/**
 * How much of the end a delta update lists. RFC 8216bis §4.4.3.8: at least six target durations. A player that knows a
 * playlist of half that age has all that is left out.
 */
const skipBoundarySeconds = 6 * targetDurationSeconds;

/**
 * The playlist of one track: `EVENT` while the recording goes on, a VOD once it is finished; what is listed never
 * changes. Its time is the lecture's clock. Its addresses are relative to the recording's folder.
 */
export function mediaPlaylist(listing: RecordingListing, track: RecordingTrack): string {
  const group = listing.segments.filter((segment) => groupOf[segment.track] === groupOf[track]);
  const lines = new PlaylistLines(track);
  lines.append(listing, group.filter((segment) => segment.track === track));
  if (listing.recording.state !== 'finished') return growingPlaylist(lines);
  lines.finish(listing, group.reduce((end, segment) => Math.max(end, segment.startMs + segment.durationMs), 0));
  const independent = lines.isIndependent ? '#EXT-X-INDEPENDENT-SEGMENTS\n' : '';
  return `${head(version)}#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-MEDIA-SEQUENCE:0\n${independent}${lines.text()}#EXT-X-ENDLIST\n`;
}

/** What a recording that goes on has of a track by now. */
export function growingPlaylist(lines: PlaylistLines): string {
  return `${growingHead(version)}${lines.text()}`;
}

/** Of the same, only what is new to a player that asked a moment ago (RFC 8216bis §6.2.5.1); all of it while it is short. */
export function deltaPlaylist(lines: PlaylistLines): string {
  const skipped = lines.countBefore(skipBoundarySeconds * 1e6);
  if (skipped === 0) return growingPlaylist(lines);
  return `${growingHead(deltaVersion)}#EXT-X-SKIP:SKIPPED-SEGMENTS=${skipped}\n${lines.text(skipped)}`;
}

function growingHead(ofVersion: number): string {
  const control = `#EXT-X-SERVER-CONTROL:CAN-SKIP-UNTIL=${skipBoundarySeconds.toFixed(1)}\n`;
  return `${head(ofVersion)}${control}#EXT-X-PLAYLIST-TYPE:EVENT\n#EXT-X-MEDIA-SEQUENCE:0\n`;
}

function head(ofVersion: number): string {
  return `#EXTM3U\n#EXT-X-VERSION:${ofVersion}\n#EXT-X-TARGETDURATION:${targetDurationSeconds}\n`;
}
