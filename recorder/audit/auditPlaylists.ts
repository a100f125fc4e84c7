import { playlistFiles } from '../hls/playlistFiles.ts';
import type { RecordingListing } from '../hls/mediaPlaylist.ts';
import { recordingPrefix } from '../journal/keys.ts';
import { recordingTracks } from '../journal/rows.ts';
import type { SegmentRow } from '../journal/rows.ts';
import type { Damage } from './AuditReport.ts';
import { maxAbsorbedGapMs, targetDurationSeconds } from '../limits.ts';

const roundingMs = 1;

/** Checks that every playlist lists the segments of the journal, at their times, with their init segments and without gaps. */
export function auditPlaylists(listing: RecordingListing): Damage[] {
  const files = playlistFiles(listing);
  const damages: Damage[] = [];
  for (const track of recordingTracks) {
    const segments = listing.segments.filter((segment) => segment.track === track && segment.state !== 'lost');
    const text = files.get(`${track}.m3u8`);
    if (text === undefined && segments.length === 0) continue;
    for (const gap of gapsIn(readEntries(text ?? ''))) damages.push({ kind: 'gap', what: `${track}.m3u8`, detail: `from ${seconds(gap.startMs)} to ${seconds(gap.startMs + gap.durationMs)}` });
    for (const detail of mismatches(text ?? '', segments, listing)) damages.push({ kind: 'playlist', what: `${track}.m3u8`, detail });
  }
  return damages;
}

/** The playlists of a stored recording, by key. */
export function storedPlaylists(listing: RecordingListing): Map<string, string> {
  const prefix = recordingPrefix(listing.recording._id);
  return new Map([...playlistFiles(listing)].map(([name, text]) => [prefix + name, text]));
}

interface Listed {
  /** Undefined for a gap. */
  uri: string | undefined;
  startMs: number;
  durationMs: number;
  map: string | undefined;
}

/** Entries of a gap that follow each other are one gap. */
function gapsIn(entries: readonly Listed[]): Listed[] {
  const gaps: Listed[] = [];
  for (const [index, entry] of entries.entries()) {
    if (entry.uri !== undefined) continue;
    const last = gaps.at(-1);
    if (last && index > 0 && entries[index - 1]?.uri === undefined) last.durationMs += entry.durationMs;
    else gaps.push({ ...entry });
  }
  return gaps;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function mismatches(text: string, segments: readonly SegmentRow[], listing: RecordingListing): string[] {
  const prefix = recordingPrefix(listing.recording._id);
  const listed = readEntries(text).filter(({ uri }) => uri !== undefined);
  const found: string[] = [];
  if (listed.length !== segments.length) found.push(`lists ${listed.length} segments, the journal has ${segments.length}`);
  if (text.includes('#EXT-X-ENDLIST') !== (listing.recording.state === 'finished')) found.push('has EXT-X-ENDLIST although the recording is growing, or lacks it');
  for (const [index, entry] of listed.entries()) {
    const segment = segments[index];
    if (!segment) break;
    const init = listing.inits.find((one) => one.track === segment.track && one.epoch === segment.epoch);
    if (`${prefix}${entry.uri}` !== segment.key) found.push(`lists ${entry.uri} instead of ${segment.key}`);
    else if (Math.abs(entry.startMs - segment.startMs) > maxAbsorbedGapMs + roundingMs) found.push(`lists ${entry.uri} at ${entry.startMs.toFixed(0)} ms instead of ${segment.startMs} ms`);
    else if (entry.map === undefined || prefix + entry.map !== init?.key) found.push(`lists ${entry.uri} with ${entry.map ?? 'no init segment'}`);
    // RFC 8216 §4.3.3.1: rounded to the nearest integer.
    if (Math.round(entry.durationMs / 1000) > targetDurationSeconds) found.push(`lists ${entry.uri}, which is longer than the target duration`);
  }
  return found;
}

/** The segments and gaps of a media playlist, with the times that result from its durations. */
function readEntries(text: string): Listed[] {
  const entries: Listed[] = [];
  let [startMs, durationMs, isGap] = [0, 0, false];
  let map: string | undefined;
  for (const line of text.split('\n')) {
    if (line.startsWith('#EXTINF:')) durationMs = parseFloat(line.slice('#EXTINF:'.length)) * 1000;
    else if (line === '#EXT-X-GAP') isGap = true;
    else if (line.startsWith('#EXT-X-MAP:')) map = /URI="([^"]+)"/.exec(line)?.[1];
    else if (line !== '' && !line.startsWith('#')) {
      entries.push({ uri: isGap ? undefined : line, startMs, durationMs, map });
      startMs += durationMs;
      isGap = false;
    }
  }
  return entries;
}
