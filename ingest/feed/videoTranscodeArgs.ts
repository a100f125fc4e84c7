import { levelFor } from '#engine/media';
import { forcedKeyframes, markedTimeBase, unmarkFilter } from './keyframeMarks.ts';

/** What the output is for: the WebRTC feed, or everything, recording included, in place of a source that browsers cannot play. */
export type TranscodeTarget = 'webRtc' | 'source';

interface Preset {
  preset: string;
  maxWidthPx: number;
  maxHeightPx: number;
}

interface TargetSettings {
  /** From the best quality to the least CPU time. */
  presets: readonly [Preset, ...Preset[]];
  profile: 'baseline' | 'high';
  /** Constant quality, limited to the bandwidth of students' networks: slides need little. */
  crf: number;
  maxBitrateKbps: number;
  keyframeIntervalSeconds: number;
}

const targets: Record<TranscodeTarget, TargetSettings> = {
  webRtc: {
    presets: [
      { preset: 'veryfast', maxWidthPx: 1280, maxHeightPx: 720 },
      { preset: 'superfast', maxWidthPx: 1280, maxHeightPx: 720 },
      { preset: 'ultrafast', maxWidthPx: 1280, maxHeightPx: 720 },
      { preset: 'ultrafast', maxWidthPx: 854, maxHeightPx: 480 },
    ],
    profile: 'baseline',
    crf: 23,
    maxBitrateKbps: 2500,
    // A joining viewer gets a keyframe at once. Regular ones are for a viewer who lost a packet without reporting it.
    keyframeIntervalSeconds: 2,
  },
  source: {
    presets: [
      { preset: 'veryfast', maxWidthPx: 1920, maxHeightPx: 1080 },
      { preset: 'superfast', maxWidthPx: 1920, maxHeightPx: 1080 },
      { preset: 'ultrafast', maxWidthPx: 1280, maxHeightPx: 720 },
      { preset: 'ultrafast', maxWidthPx: 854, maxHeightPx: 480 },
    ],
    profile: 'high',
    crf: 21,
    maxBitrateKbps: 4500,
    // A joining viewer waits for a keyframe, because this is copied.
    keyframeIntervalSeconds: 1,
  },
};

const maxFrameRate = 30;

export interface VideoTranscodeOptions {
  target: TranscodeTarget;
  /** Index of the target's presets; the last one if there are fewer. */
  preset: number;
  source: { frameRate: number | undefined; isInterlaced: boolean };
  /** Frames before this time of the input are decoded without output; 0 outputs all. */
  skipUntilSeconds: number;
}

/** The number of presets of each target. */
export const presetCount = targets.webRtc.presets.length;

/** The arguments of ffmpeg. Input: FLV with one H.264 track and marked times. Output: FLV with the times of the source. */
export function videoTranscodeArgs(options: VideoTranscodeOptions): string[] {
  const { source, skipUntilSeconds } = options;
  const { presets, profile, crf, maxBitrateKbps, keyframeIntervalSeconds } = targets[options.target];
  const { preset, maxWidthPx, maxHeightPx } = presets[Math.min(options.preset, presets.length - 1)] ?? presets[0];
  const step = Math.ceil((source.frameRate ?? 0) / (maxFrameRate + 1));
  const filters = [
    unmarkFilter,
    ...(source.isInterlaced ? ['yadif=deint=interlaced'] : []),
    ...(skipUntilSeconds > 0 ? [`select='gte(t,${skipUntilSeconds.toFixed(4)})'`] : []),
    // Drops frames without changing times. x264 derives its bitrate from the frame rate that this filter announces.
    ...(step > 1 ? [`framestep=${step}`] : []),
    `scale=w='min(${maxWidthPx},iw)':h='min(${maxHeightPx},ih)':force_original_aspect_ratio=decrease:force_divisible_by=2`,
    'format=yuv420p',
  ];
  // x264 would derive the level from the time base of FLV, which is no frame rate.
  const level = (levelFor({ widthPx: maxWidthPx, heightPx: maxHeightPx, frameRate: maxFrameRate }) / 10).toFixed(1);
  return [
    ...['-hide_banner', '-nostats', '-loglevel', 'error'],
    // low_delay stops the decoder from holding one frame per thread; a small probe size lets it start at the first frame.
    ...['-flags', 'low_delay', '-probesize', '32', '-analyzeduration', '0', '-copyts', '-f', 'flv', '-i', 'pipe:0'],
    ...['-an', '-vf', filters.join(','), '-fps_mode', 'passthrough', '-enc_time_base', markedTimeBase],
    ...['-c:v', 'libx264', '-preset', preset, '-tune', 'zerolatency', '-profile:v', profile, '-level', level, '-bf', '0', '-threads', '4'],
    ...['-g', '300', '-forced-idr', '1', '-force_key_frames', forcedKeyframes(keyframeIntervalSeconds)],
    ...['-crf', String(crf), '-maxrate', `${maxBitrateKbps}k`, '-bufsize', `${maxBitrateKbps / 2}k`],
    ...['-flush_packets', '1', '-f', 'flv', '-flvflags', 'no_duration_filesize', 'pipe:1'],
  ];
}
