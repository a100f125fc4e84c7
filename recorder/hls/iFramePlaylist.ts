import { recordingPrefix } from '../journal/keys.ts';
import type { RecordingTrack, SegmentRow } from '../journal/rows.ts';
import type { RecordingListing } from './mediaPlaylist.ts';
import { targetDurationSeconds } from '../limits.ts';

/** A segment that begins with a keyframe, from which its first bytes are enough to show it. */
type KeyframeRow = SegmentRow & { keyframeBytes: number };

interface IFrame {
  segment: KeyframeRow;
  startMs: number;
  /** Until the next one, or the end of the track. */
  durationMs: number;
}

/** The name of the I-frame playlist of a track. */
export function iFramePlaylistName(track: RecordingTrack): string {
  return `${track}-iframes.m3u8`;
}

/**
 * The I-frame playlist of a video track (RFC 8216bis §4.4.3.6), by which players show images while a viewer seeks: the first
 * frame of each segment that begins with a keyframe. Undefined when there is none, and while the recording grows: the duration of
 * an entry depends on the next keyframe.
 */
export function iFramePlaylist(listing: RecordingListing, track: RecordingTrack): string | undefined {
  const frames = iFramesOf(listing, track);
  if (frames.length === 0) return undefined;
  const longestSeconds = Math.max(targetDurationSeconds, ...frames.map(({ durationMs }) => Math.round(durationMs / 1000)));
  const head = ['#EXTM3U', '#EXT-X-VERSION:8', `#EXT-X-TARGETDURATION:${longestSeconds}`, '#EXT-X-PLAYLIST-TYPE:VOD', '#EXT-X-MEDIA-SEQUENCE:0', '#EXT-X-I-FRAMES-ONLY'];
  return [...head, ...entriesOf(listing, frames), '#EXT-X-ENDLIST', ''].join('\n');
}

/** Bits per second of the I-frames, the most and on average. */
export function iFrameBitrates(listing: RecordingListing, track: RecordingTrack): { peakBps: number; averageBps: number } | undefined {
  const frames = iFramesOf(listing, track);
  if (frames.length === 0) return undefined;
  const rates = frames.map(({ segment, durationMs }) => Math.ceil((segment.keyframeBytes * 8000) / durationMs));
  const bytes = frames.reduce((sum, { segment }) => sum + segment.keyframeBytes, 0);
  const totalMs = frames.reduce((sum, { durationMs }) => sum + durationMs, 0);
  return { peakBps: rates.reduce((most, bps) => Math.max(most, bps), 0), averageBps: Math.ceil((bytes * 8000) / totalMs) };
}

function iFramesOf({ recording, segments }: RecordingListing, track: RecordingTrack): IFrame[] {
  if (recording.state !== 'finished') return [];
  const present = segments.filter((segment) => segment.track === track && segment.state !== 'lost');
  const rows = present.filter((segment): segment is KeyframeRow => segment.isIndependent && segment.keyframeBytes !== undefined);
  const last = present.at(-1);
  const endMs = last ? last.startMs + last.durationMs : 0;
  return rows.map((segment, index) => {
    // The first one is shown from the start of the recording on, as in the playlist of the track.
    const startMs = index === 0 ? 0 : segment.startMs;
    return { segment, startMs, durationMs: Math.max(0.001, (rows[index + 1]?.startMs ?? endMs) - startMs) };
  });
}

function entriesOf({ recording, inits }: RecordingListing, frames: readonly IFrame[]): string[] {
  const prefixLength = recordingPrefix(recording._id).length;
  const zeroMs = Date.parse(recording.startedAt);
  const lines: string[] = [];
  let epoch: number | undefined;
  for (const { segment, startMs, durationMs } of frames) {
    const isChanged = segment.epoch !== epoch;
    lines.push(...Array.from({ length: segment.epoch - (epoch ?? 0) }, () => '#EXT-X-DISCONTINUITY'));
    const init = isChanged ? inits.find((row) => row.track === segment.track && row.epoch === segment.epoch) : undefined;
    if (init) lines.push(`#EXT-X-MAP:URI="${init.key.slice(prefixLength)}"`);
    if (isChanged) lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(zeroMs + startMs).toISOString()}`);
    lines.push(`#EXTINF:${(durationMs / 1000).toFixed(6)},`, `#EXT-X-BYTERANGE:${segment.keyframeBytes}@0`, segment.key.slice(prefixLength));
    epoch = segment.epoch;
  }
  return lines;
}
