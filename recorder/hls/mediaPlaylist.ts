import type { InitSegmentRow, RecordingRow, RecordingTrack, SegmentRow } from '../journal/rows.ts';
import { groupOf } from '../journal/rows.ts';
import { recordingPrefix } from '../journal/keys.ts';
import { playlistEntries, targetDurationSeconds } from './playlistEntries.ts';
import type { PlaylistEntry } from './playlistEntries.ts';

/** What playlists are made from. */
export interface RecordingListing {
  recording: RecordingRow;
  inits: readonly InitSegmentRow[];
  /** Of every track, each by sequence. */
  segments: readonly SegmentRow[];
}

/** RFC 8216bis §8: EXT-X-GAP needs 8. */
const version = 8;

/**
 * The playlist of one track: `EVENT` while the recording goes on, a VOD once it is finished; what is listed never
 * changes. Its time is the lecture's clock. Its addresses are relative to the recording's folder.
 */
export function mediaPlaylist(listing: RecordingListing, track: RecordingTrack): string {
  const { recording } = listing;
  const isFinished = recording.state === 'finished';
  const group = listing.segments.filter((segment) => groupOf[segment.track] === groupOf[track]);
  const segments = group.filter((segment) => segment.track === track);
  const groupEndMs = Math.max(0, ...group.map((segment) => segment.startMs + segment.durationMs));
  const epochs = recording.epochs[groupOf[track]];
  const entries = playlistEntries({ epochs, segments, endMs: isFinished ? groupEndMs : null });
  const isIndependent = isFinished && entries.every(({ segment }) => segment?.isIndependent ?? true);
  return [
    '#EXTM3U',
    `#EXT-X-VERSION:${version}`,
    `#EXT-X-TARGETDURATION:${targetDurationSeconds}`,
    `#EXT-X-PLAYLIST-TYPE:${isFinished ? 'VOD' : 'EVENT'}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
    ...(isIndependent ? ['#EXT-X-INDEPENDENT-SEGMENTS'] : []),
    ...entryLines(listing, track, entries),
    ...(isFinished ? ['#EXT-X-ENDLIST'] : []),
    '',
  ].join('\n');
}

/** A delta update (EXT-X-SKIP) would leave out lines of the first entries here. */
function entryLines(listing: RecordingListing, track: RecordingTrack, entries: readonly PlaylistEntry[]): string[] {
  const relative = (key: string) => key.slice(recordingPrefix(listing.recording._id).length);
  const zeroMs = Date.parse(listing.recording.startedAt);
  const maps = new Map(listing.inits.filter((init) => init.track === track).map((init) => [init.epoch, `#EXT-X-MAP:URI="${relative(init.key)}"`]));
  // A gap before the first segment has a map as well: the first there is.
  let mapEpoch = entries.find(({ segment }) => segment)?.segment?.epoch;
  const lines = mapLine(maps, mapEpoch);
  let isDateDue = true;
  for (const { startUs, endUs, discontinuities, segment } of entries) {
    lines.push(...Array.from({ length: discontinuities }, () => '#EXT-X-DISCONTINUITY'));
    if (segment && segment.epoch !== mapEpoch) lines.push(...mapLine(maps, (mapEpoch = segment.epoch)));
    if (isDateDue || discontinuities > 0) lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(zeroMs + startUs / 1000).toISOString()}`);
    isDateDue = !segment;
    const duration = `#EXTINF:${((endUs - startUs) / 1e6).toFixed(6)},`;
    lines.push(...(segment ? [duration, relative(segment.key)] : ['#EXT-X-GAP', duration, `${track}/gap.m4s`]));
  }
  return lines;
}

function mapLine(maps: ReadonlyMap<number, string>, epoch: number | undefined): string[] {
  const line = epoch === undefined ? undefined : maps.get(epoch);
  return line === undefined ? [] : [line];
}
