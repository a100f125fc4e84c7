import { expect, it } from 'vitest';
import type { EncodedFrame } from '#engine/media';
import { videoFormat } from '../../testing/frames.ts';
import { expectNoGaps, inMs } from '../../testing/segmentRuns.ts';
import type { CompleteSegment } from './CompleteSegment.ts';
import { GroupSegmenter } from './GroupSegmenter.ts';

const hourMs = 3_600_000;
const keyframe = (ms: number): EncodedFrame => ({ decodeTimeUs: ms * 1000, presentationTimeUs: ms * 1000, isKeyframe: true, data: Uint8Array.of(0, 0, 0, 1, 0) });

it.each(['a check', 'a frame'])('A frame is not held over a jump of the clock that %s shows first: black follows it', (first) => {
  const segments: CompleteSegment[] = [];
  const segmenter = new GroupSegmenter({ tracks: ['screen-video'], zeroUs: 0, targetSegmentMs: 2000, onSegment: (segment) => segments.push(segment), onEpochs: () => undefined });
  segmenter.format('screen-video', videoFormat(), true);
  segmenter.frame('screen-video', keyframe(0));
  segmenter.frame('screen-video', keyframe(500));
  for (let ms = 1000; ms <= 40_000; ms += 1000) expect(segmenter.advance(ms * 1000)).toBe(true);
  if (first === 'a check') expect([40_000, 41_000].map((ms) => segmenter.advance((ms + hourMs) * 1000))).toEqual([false, true]);
  segmenter.frame('screen-video', keyframe(42_000 + hourMs));
  segmenter.finish();
  const shown = segments.filter(({ isFiller }) => !isFiller).map(inMs);
  const shownMs = shown.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  expect(shownMs).toBeGreaterThan(39_000);
  expect(shownMs).toBeLessThan(45_000);
  expectNoGaps(segments.map(inMs));
});
