import type { InitSegmentRow, RecordingRow, RecordingTrack, SegmentRow } from '../journal/rows.ts';
import { groupOf } from '../journal/rows.ts';
import { PlaylistLines } from './PlaylistLines.ts';
import { targetDurationSeconds } from '../limits.ts';

/** The rows that playlists are made from. */
export interface RecordingListing {
  recording: RecordingRow;
  inits: readonly InitSegmentRow[];
  /** Of all tracks; those of one track in the order of their sequence. */
  segments: readonly SegmentRow[];
}

/** RFC 8216bis §8: EXT-X-GAP needs version 8, EXT-X-SKIP version 9. */
const [version, deltaVersion] = [8, 9];

/**
 * A delta update lists this much of the end. RFC 8216bis §4.4.3.8: at least six target durations. A player whose playlist
 * is at most half as old knows all skipped entries.
 */
const skipBoundarySeconds = 6 * targetDurationSeconds;

/**
 * The playlist of one track: `EVENT` while the recording grows, `VOD` when it is finished. Listed entries never change.
 * Its timeline is the lecture's clock. Its URIs are relative to the recording's folder.
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

/** The `EVENT` playlist of a track. */
export function growingPlaylist(lines: PlaylistLines): string {
  return `${growingHead(version)}${lines.text()}`;
}

/** A delta update of the `EVENT` playlist (RFC 8216bis §6.2.5.1); the whole playlist while that is short. */
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
