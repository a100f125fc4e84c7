import { playlistFiles } from '../hls/playlistFiles.ts';
import type { RecordingListing } from '../hls/mediaPlaylist.ts';
import { recordingPrefix } from '../journal/keys.ts';
import { recordingTracks } from '../journal/rows.ts';
import type { SegmentRow } from '../journal/rows.ts';
import type { Damage } from './AuditReport.ts';
import { maxAbsorbedGapMs, targetDurationSeconds } from '../limits.ts';

const roundingMs = 1;

/** Whether every playlist that a viewer would get lists what the journal has, at its time, with the init it needs. */
export function auditPlaylists(listing: RecordingListing): Damage[] {
  const files = playlistFiles(listing);
  const damages: Damage[] = [];
  for (const track of recordingTracks) {
    const segments = listing.segments.filter((segment) => segment.track === track && segment.state !== 'lost');
    const text = files.get(`${track}.m3u8`);
    if (text === undefined && segments.length === 0) continue;
    for (const detail of misfits(text ?? '', segments, listing)) damages.push({ kind: 'playlist', what: `${track}.m3u8`, detail });
  }
  return damages;
}

/** The playlists that a stored recording must have beside its segments, by key. */
export function storedPlaylists(listing: RecordingListing): Map<string, string> {
  const prefix = recordingPrefix(listing.recording._id);
  return new Map([...playlistFiles(listing)].map(([name, text]) => [prefix + name, text]));
}

interface Listed {
  uri: string;
  startMs: number;
  durationMs: number;
  map: string | undefined;
}

function misfits(text: string, segments: readonly SegmentRow[], listing: RecordingListing): string[] {
  const prefix = recordingPrefix(listing.recording._id);
  const listed = readEntries(text);
  const found: string[] = [];
  if (listed.length !== segments.length) found.push(`lists ${listed.length} segments, the journal has ${segments.length}`);
  if (text.includes('#EXT-X-ENDLIST') !== (listing.recording.state === 'finished')) found.push('ends where the recording goes on, or the other way round');
  for (const [index, entry] of listed.entries()) {
    const segment = segments[index];
    if (!segment) break;
    const init = listing.inits.find((one) => one.track === segment.track && one.epoch === segment.epoch);
    if (prefix + entry.uri !== segment.key) found.push(`has ${entry.uri} where ${segment.key} belongs`);
    else if (Math.abs(entry.startMs - segment.startMs) > maxAbsorbedGapMs + roundingMs) found.push(`has ${entry.uri} at ${entry.startMs.toFixed(0)} ms instead of ${segment.startMs} ms`);
    else if (entry.map === undefined || prefix + entry.map !== init?.key) found.push(`has ${entry.uri} under ${entry.map ?? 'no init segment'}`);
    // RFC 8216 §4.3.3.1: rounded to the nearest integer.
    if (Math.round(entry.durationMs / 1000) > targetDurationSeconds) found.push(`has ${entry.uri} longer than the target duration`);
  }
  return found;
}

/** Segments of a media playlist that are no gaps, where its durations put them. */
function readEntries(text: string): Listed[] {
  const entries: Listed[] = [];
  let [startMs, durationMs, isGap] = [0, 0, false];
  let map: string | undefined;
  for (const line of text.split('\n')) {
    if (line.startsWith('#EXTINF:')) durationMs = parseFloat(line.slice('#EXTINF:'.length)) * 1000;
    else if (line === '#EXT-X-GAP') isGap = true;
    else if (line.startsWith('#EXT-X-MAP:')) map = /URI="([^"]+)"/.exec(line)?.[1];
    else if (line !== '' && !line.startsWith('#')) {
      if (!isGap) entries.push({ uri: line, startMs, durationMs, map });
      startMs += durationMs;
      isGap = false;
    }
  }
  return entries;
}
