import { forcedKeyframes, markedTimeBase, unmarkFilter } from './keyframeMarks.ts';

/** From the best quality to the least CPU time. */
export const presets = [
  { preset: 'veryfast', maxWidthPx: 1280, maxHeightPx: 720 },
  { preset: 'superfast', maxWidthPx: 1280, maxHeightPx: 720 },
  { preset: 'ultrafast', maxWidthPx: 1280, maxHeightPx: 720 },
  { preset: 'ultrafast', maxWidthPx: 854, maxHeightPx: 480 },
] as const;

const maxFrameRate = 30;
/** A joining viewer gets a keyframe at once. Regular ones are for a viewer who lost a packet without reporting it. */
const keyframeIntervalSeconds = 2;
const maxBitrateKbps = 2500;

export interface VideoTranscodeOptions {
  /** Index into `presets`. */
  preset: number;
  sourceFrameRate: number | undefined;
  /** Frames before this time of the input are decoded without output; 0 outputs all. */
  skipUntilSeconds: number;
}

/** The arguments of ffmpeg. Input: FLV with one H.264 track and marked times. Output: FLV with the WebRTC copy and the times of the source. */
export function videoTranscodeArgs(options: VideoTranscodeOptions): string[] {
  const { preset, maxWidthPx, maxHeightPx } = presets[Math.min(options.preset, presets.length - 1)] ?? presets[0];
  const step = Math.ceil((options.sourceFrameRate ?? 0) / (maxFrameRate + 1));
  const filters = [
    unmarkFilter,
    ...(options.skipUntilSeconds > 0 ? [`select='gte(t,${options.skipUntilSeconds.toFixed(3)})'`] : []),
    // Drops frames without changing times. x264 derives its bitrate from the frame rate that this filter announces.
    ...(step > 1 ? [`framestep=${step}`] : []),
    `scale=w='min(${maxWidthPx},iw)':h='min(${maxHeightPx},ih)':force_original_aspect_ratio=decrease:force_divisible_by=2`,
    'format=yuv420p',
  ];
  return [
    ...['-hide_banner', '-nostats', '-loglevel', 'error'],
    // low_delay stops the decoder from holding one frame per thread; a small probe size lets it start at the first frame.
    ...['-flags', 'low_delay', '-probesize', '32', '-analyzeduration', '0', '-copyts', '-f', 'flv', '-i', 'pipe:0'],
    ...['-an', '-vf', filters.join(','), '-fps_mode', 'passthrough', '-enc_time_base', markedTimeBase],
    ...['-c:v', 'libx264', '-preset', preset, '-tune', 'zerolatency', '-profile:v', 'baseline', '-bf', '0', '-threads', '4'],
    ...['-g', '300', '-forced-idr', '1', '-force_key_frames', forcedKeyframes(keyframeIntervalSeconds)],
    // Constant quality, limited to the bandwidth of students' networks: slides need little.
    ...['-crf', '23', '-maxrate', `${maxBitrateKbps}k`, '-bufsize', `${maxBitrateKbps / 2}k`],
    ...['-flush_packets', '1', '-f', 'flv', '-flvflags', 'no_duration_filesize', 'pipe:1'],
  ];
}
