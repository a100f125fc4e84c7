import type { InitSegmentRow, RecordingTrack, SegmentRow, TrackGroup } from '../journal/rows.ts';
import { iFrameBitrates, iFramePlaylistName } from './iFramePlaylist.ts';
import type { RecordingListing } from './mediaPlaylist.ts';
import { minFrameRateSampleMs, minPeakBitrateSampleMs } from '../limits.ts';

const videoTrackOf = { main: 'main-video', screen: 'screen-video' } as const satisfies Record<TrackGroup, RecordingTrack>;
const audioTrackOf = { main: 'main-audio', screen: undefined } as const satisfies Record<TrackGroup, RecordingTrack | undefined>;
const audioGroup = 'audio';

/** `main.m3u8` or `screen.m3u8`: the multivariant playlist of a group. Undefined while the group has no tracks. */
export function multivariantPlaylist(listing: RecordingListing, group: TrackGroup): string | undefined {
  const video = describe(listing, videoTrackOf[group]);
  const audioTrack = audioTrackOf[group];
  const audio = audioTrack && describe(listing, audioTrack);
  if (!video && !audio) return undefined;
  const lines = ['#EXTM3U', '#EXT-X-VERSION:8'];
  if (isIndependent(listing, group)) lines.push('#EXT-X-INDEPENDENT-SEGMENTS');
  if (video && audio) lines.push(audioRendition(audio, listing.recording.language));
  lines.push(variant({ video, audio, codecs: codecsOf(video, audio) }), `${(video ?? audio)?.track}.m3u8`);
  if (video) lines.push(...iFrameVariant(listing, video));
  return [...lines, ''].join('\n');
}

interface TrackDescription {
  track: RecordingTrack;
  /** The init segments of real media; those of fillers only if there are no others. */
  inits: readonly InitSegmentRow[];
  peakBps: number;
  averageBps: number;
  frameRate: number;
}

function describe(listing: RecordingListing, track: RecordingTrack): TrackDescription | undefined {
  const segments = listing.segments.filter((segment) => segment.track === track && segment.state !== 'lost');
  const all = listing.inits.filter((init) => init.track === track);
  if (segments.length === 0 || all.length === 0) return undefined;
  const real = all.filter((init) => !init.isFiller);
  return { track, inits: real.length > 0 ? real : all, frameRate: frameRateOf(segments), ...bitratesOf(segments) };
}

function bitratesOf(segments: readonly SegmentRow[]): Pick<TrackDescription, 'peakBps' | 'averageBps'> {
  const bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
  const averageBps = Math.ceil((bytes * 8000) / durationMs(segments));
  const peaks = segments.filter((segment) => segment.durationMs >= minPeakBitrateSampleMs).map((segment) => (segment.bytes * 8000) / segment.durationMs);
  return { averageBps, peakBps: peaks.reduce((most, bps) => Math.max(most, Math.ceil(bps)), averageBps) };
}

/** The highest frame rate of a segment (RFC 8216 §4.3.4.2). Short segments have too few frames to measure it. */
function frameRateOf(segments: readonly SegmentRow[]): number {
  const real = segments.filter((segment) => !segment.isFiller);
  const rates = real.filter((segment) => segment.durationMs >= minFrameRateSampleMs).map((segment) => rateOf([segment]));
  return (rates.length > 0 ? rates : [rateOf(real)]).reduce((most, rate) => Math.max(most, rate), 0);
}

function rateOf(segments: readonly SegmentRow[]): number {
  return (segments.reduce((sum, segment) => sum + segment.frameCount, 0) * 1000) / durationMs(segments);
}

function durationMs(segments: readonly SegmentRow[]): number {
  return Math.max(1, segments.reduce((sum, segment) => sum + segment.durationMs, 0));
}

/** Whether a decoder can start at every segment. This is known only when the recording is finished. */
function isIndependent(listing: RecordingListing, group: TrackGroup): boolean {
  const tracks: readonly (RecordingTrack | undefined)[] = [videoTrackOf[group], audioTrackOf[group]];
  return listing.recording.state === 'finished' && listing.segments.every((segment) => segment.isIndependent || !tracks.includes(segment.track));
}

function audioRendition(audio: TrackDescription, language: string | undefined): string {
  const channels = Math.max(...audio.inits.map((init) => init.channelCount ?? 2));
  return `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="${audioGroup}",NAME="Lecture",${language === undefined ? '' : `LANGUAGE="${language}",`}DEFAULT=YES,AUTOSELECT=YES,CHANNELS="${channels}",URI="${audio.track}.m3u8"`;
}

interface Variant {
  video: TrackDescription | undefined;
  audio: TrackDescription | undefined;
  codecs: readonly string[];
}

/**
 * For the video, the most demanding codec only, because MediaSource takes one codec for each buffer. For the audio, all codecs
 * that have been used so far. Codecs that may follow are not listed: a player that does not support them would refuse the variant.
 */
function codecsOf(video: TrackDescription | undefined, audio: TrackDescription | undefined): string[] {
  const videoCodecs = video ? [mostDemanding(video.inits.map((init) => init.codecString))] : [];
  const audioCodecs = audio ? audio.inits.map((init) => init.codecString) : [];
  return [...new Set([...videoCodecs, ...audioCodecs])];
}

/** The highest profile of the codec strings `avc1.PPCCLL` (Baseline 42 < Main 4d < High 64), with the highest level of all of them. */
function mostDemanding(codecStrings: readonly string[]): string {
  const highest = codecStrings.toSorted().at(-1) ?? '';
  const levels = codecStrings.map((codec) => codec.slice(-2)).sort();
  return `${highest.slice(0, -2)}${levels.at(-1) ?? ''}`;
}

function largestOf(video: TrackDescription): InitSegmentRow {
  return video.inits.reduce((best, init) => (area(init) > area(best) ? init : best));
}

function variant({ video, audio, codecs }: Variant): string {
  const tracks = [video, audio].filter((track) => track !== undefined);
  const largest = video && largestOf(video);
  const sum = (bitrate: 'peakBps' | 'averageBps') => tracks.reduce((total, track) => total + track[bitrate], 0);
  return [
    `#EXT-X-STREAM-INF:BANDWIDTH=${sum('peakBps')},AVERAGE-BANDWIDTH=${sum('averageBps')},CODECS="${codecs.join(',')}"`,
    ...(largest ? [`RESOLUTION=${largest.widthPx}x${largest.heightPx}`] : []),
    ...(video && video.frameRate > 0 ? [`FRAME-RATE=${video.frameRate.toFixed(3)}`] : []),
    ...(tracks.length > 1 ? [`AUDIO="${audioGroup}"`] : []),
  ].join(',');
}

/** EXT-X-I-FRAME-STREAM-INF, RFC 8216bis §4.4.6.3. */
function iFrameVariant(listing: RecordingListing, video: TrackDescription): string[] {
  const bitrates = iFrameBitrates(listing, video.track);
  if (!bitrates) return [];
  const { widthPx, heightPx } = largestOf(video);
  const codec = mostDemanding(video.inits.map((init) => init.codecString));
  return [`#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=${bitrates.peakBps},AVERAGE-BANDWIDTH=${bitrates.averageBps},CODECS="${codec}",RESOLUTION=${widthPx}x${heightPx},URI="${iFramePlaylistName(video.track)}"`];
}

function area(init: InitSegmentRow): number {
  return (init.widthPx ?? 0) * (init.heightPx ?? 0);
}
