import type { Quality } from '../ladder/quality.ts';
import { encoderPreset } from '../limits.ts';
import type { Rate } from '../probe/SourceProfile.ts';

/** Fragments of one keyframe interval, with composition offsets from 0 on, as CMAF wants them (ISO/IEC 23000-19 §7.5.17). */
export const fragmentedVideo = ['-movflags', '+frag_keyframe+empty_moov+default_base_moof+negative_cts_offsets', '-map_metadata', '-1', '-map_chapters', '-1', '-f', 'mp4'];

/** Ticks per second of the track: each frame has a whole number of them. */
export function videoTimescale({ num }: Rate): number {
  return num < 1000 ? num * 1000 : num;
}

export function ticksOfFrame(rate: Rate): number {
  return (videoTimescale(rate) * rate.den) / rate.num;
}

/**
 * H.264 in High, with a keyframe exactly every `keyframeFrames` frames and closed GOPs, so that all sizes and parts can follow one
 * another. `stitchable`: the parameter sets do not depend on the content of a part.
 */
export function encoderArgs({ quality, rate, keyframeFrames, threads }: { quality: Quality; rate: Rate; keyframeFrames: number; threads: number }): string[] {
  return [
    ...['-c:v', 'libx264', '-preset', encoderPreset, '-profile:v', 'high', '-pix_fmt', 'yuv420p', '-threads', `${threads}`],
    ...['-crf', `${quality.crf}`, '-maxrate', `${quality.maxBps}`, '-bufsize', `${quality.bufferBits}`],
    ...['-g', `${keyframeFrames}`, '-keyint_min', `${keyframeFrames}`, '-sc_threshold', '0', '-flags', '+cgop', '-x264-params', 'stitchable=1:force-cfr=1'],
    ...['-color_primaries', 'bt709', '-color_trc', 'bt709', '-colorspace', 'bt709', '-color_range', 'tv', '-video_track_timescale', `${videoTimescale(rate)}`],
  ];
}
