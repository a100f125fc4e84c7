import type { CompleteSegment } from '../hls/segmenting/CompleteSegment.ts';
import { audioFormat, videoFormat } from './frames.ts';

/** A segment of audio, two seconds long. */
export function audioSegment(index: number, bytes = 100): CompleteSegment {
  const data = new Uint8Array(bytes).fill(index % 256);
  const sample = { durationTicks: 96_000, compositionOffsetTicks: 0, isKeyframe: true, data };
  return { track: 'main-audio', epoch: 0, format: audioFormat(), startTicks: index * 96_000, durationTicks: 96_000, samples: [sample], isIndependent: true, isFiller: false };
}

/** A segment of one video frame, two seconds long. */
export function videoSegment(index: number): CompleteSegment {
  const sample = { durationTicks: 180_000, compositionOffsetTicks: 0, isKeyframe: true, data: Uint8Array.of(0, 0, 0, 1, index % 256) };
  return { track: 'main-video', epoch: 0, format: videoFormat(), startTicks: index * 180_000, durationTicks: 180_000, samples: [sample], isIndependent: true, isFiller: false };
}
