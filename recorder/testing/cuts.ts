import type { CutSegment } from '../hls/cutting/CutSegment.ts';
import { audioFormat } from './frames.ts';

/** A segment of sound, two seconds long. */
export function soundCut(index: number, bytes = 100): CutSegment {
  const data = new Uint8Array(bytes).fill(index % 256);
  const sample = { durationTicks: 96_000, compositionOffsetTicks: 0, isKeyframe: true, data };
  return { track: 'main-audio', epoch: 0, format: audioFormat(), startTicks: index * 96_000, durationTicks: 96_000, samples: [sample], isIndependent: true, isFiller: false };
}
