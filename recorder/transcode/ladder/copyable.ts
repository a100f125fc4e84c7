import * as limits from '../limits.ts';
import { perSecond } from '../probe/frameRates.ts';
import type { AudioProfile, SourceProfile, VideoProfile } from '../probe/SourceProfile.ts';

const playedProfiles = new Set(['Constrained Baseline', 'Baseline', 'Main', 'High']);
const maxCopiedSidePx = 4096;

/** Browsers play the video as it is: H.264 in 4:2:0 and 8 bit, upright, progressive, with keyframes that are not too far apart. */
export function isCopyableVideo(video: VideoProfile, durationSeconds: number): boolean {
  const isPlayed = video.codec === 'h264' && playedProfiles.has(video.profile) && ['yuv420p', 'yuvj420p'].includes(video.pixelFormat);
  const isPlain = !video.isInterlaced && video.rotation === 0 && video.transfer === 'sdr' && video.hasSquarePixels;
  const isSized = Math.max(video.widthPx, video.heightPx) <= maxCopiedSidePx && Math.min(video.widthPx, video.heightPx) >= 16 && perSecond(video.frameRate) <= 60;
  return isPlayed && isPlain && isSized && longestInterval(video, durationSeconds) <= limits.maxCopiedKeyframeSeconds && video.startSeconds < 0.5;
}

/** AAC-LC in mono or stereo at a rate that all players decode. */
export function isCopyableAudio(audio: AudioProfile): boolean {
  return audio.codec === 'aac' && audio.profile === 'LC' && audio.channelCount <= 2 && [44_100, 48_000].includes(audio.sampleRateHz) && audio.startSeconds < 0.5;
}

/** The whole file can be played at once, without encoding. */
export function isCopyable({ video, audio, durationSeconds, bps }: SourceProfile): boolean {
  const first = audio[0];
  if (!video && !first) return false;
  return bps <= limits.maxCopiedBps && (!video || isCopyableVideo(video, durationSeconds)) && (!first || isCopyableAudio(first));
}

function longestInterval({ keyframes, endSeconds }: VideoProfile, durationSeconds: number): number {
  const first = keyframes[0];
  if (first === undefined) return Infinity;
  return keyframes.reduce((longest, at, index) => Math.max(longest, (keyframes[index + 1] ?? Math.min(endSeconds, durationSeconds)) - at), first);
}
