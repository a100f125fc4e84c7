import { forcedKeyframes, markedTimeBase, unmarkFilter } from './keyframeMarks.ts';

/** From the finest picture to the least work. */
export const efforts = [
  { preset: 'veryfast', maxWidthPx: 1280, maxHeightPx: 720 },
  { preset: 'superfast', maxWidthPx: 1280, maxHeightPx: 720 },
  { preset: 'ultrafast', maxWidthPx: 1280, maxHeightPx: 720 },
  { preset: 'ultrafast', maxWidthPx: 854, maxHeightPx: 480 },
] as const;

const maxFrameRate = 30;
/** Who joins is given a keyframe at once; this one is for whoever lost a packet and did not say so. */
const keyframeIntervalSeconds = 2;
const maxBitrateKbps = 2500;

export interface VideoTranscodeOptions {
  /** Index into `efforts`. */
  effort: number;
  sourceFrameRate: number | undefined;
  /** Frames before this time of the input are decoded but not shown; 0 shows all. */
  skipUntilSeconds: number;
}

/** FLV with one H.264 track and marked times on stdin, FLV with the WebRTC copy on stdout, at the times of the source. */
export function videoTranscodeArgs(options: VideoTranscodeOptions): string[] {
  const effort = efforts[Math.min(options.effort, efforts.length - 1)] ?? efforts[0];
  const step = Math.ceil((options.sourceFrameRate ?? 0) / (maxFrameRate + 1));
  const filters = [
    unmarkFilter,
    ...(options.skipUntilSeconds > 0 ? [`select='gte(t,${options.skipUntilSeconds.toFixed(3)})'`] : []),
    // Leaves pictures out and their times alone; x264 reckons its bitrate by the rate that this filter announces.
    ...(step > 1 ? [`framestep=${step}`] : []),
    `scale=w='min(${effort.maxWidthPx},iw)':h='min(${effort.maxHeightPx},ih)':force_original_aspect_ratio=decrease:force_divisible_by=2`,
    'format=yuv420p',
  ];
  return [
    ...['-hide_banner', '-nostats', '-loglevel', 'error'],
    // low_delay keeps the decoder from holding a frame per thread; a small probe lets it start at the first frame.
    ...['-flags', 'low_delay', '-probesize', '32', '-analyzeduration', '0', '-copyts', '-f', 'flv', '-i', 'pipe:0'],
    ...['-an', '-vf', filters.join(','), '-fps_mode', 'passthrough', '-enc_time_base', markedTimeBase],
    ...['-c:v', 'libx264', '-preset', effort.preset, '-tune', 'zerolatency', '-profile:v', 'baseline', '-bf', '0', '-threads', '4'],
    ...['-g', '300', '-forced-idr', '1', '-force_key_frames', forcedKeyframes(keyframeIntervalSeconds)],
    // Quality by need, up to what students' networks carry: a slide costs little.
    ...['-crf', '23', '-maxrate', `${maxBitrateKbps}k`, '-bufsize', `${maxBitrateKbps / 2}k`],
    ...['-flush_packets', '1', '-f', 'flv', '-flvflags', 'no_duration_filesize', 'pipe:1'],
  ];
}
