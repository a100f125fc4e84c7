import { describe, expect, it } from 'vitest';
import type { EncodedFrame } from '#engine/media';
import { audioFormat, audioFrames, videoFormat } from '../../testing/frames.ts';
import { expectNoGaps, segmentRuns } from '../../testing/segmentRuns.ts';

const frameMs = 40;
const [pauseAtMs, pauseMs] = [4000, 22_000];

/** When a frame is shown: 25 frames a second, with a pause. */
const shownMs = (number: number) => number * frameMs + (number * frameMs >= pauseAtMs ? pauseMs : 0);

/**
 * Frames with two B-frames between two others, and one keyframe in all. The last byte of a frame is its place in the order of
 * presentation. `decodeMs`: the decode time of the frame with this place in the order of decoding.
 */
function reorderedFrames(count: number, decodeMs: (place: number) => number): EncodedFrame[] {
  const decoded = [0, ...Array.from({ length: Math.floor((count - 1) / 3) }, (_, group) => [3, 1, 2].map((place) => group * 3 + place)).flat()];
  return decoded.map((number, place) => ({
    decodeTimeUs: decodeMs(place) * 1000,
    presentationTimeUs: (shownMs(number) + 2 * frameMs) * 1000,
    isKeyframe: number === 0,
    data: Uint8Array.of(0, 0, 0, 1, number),
  }));
}

/** The number of the frame that a player shows at a time: of all frames presented by then, the last one. */
function shownAt(segments: ReturnType<typeof segmentRuns>['video'], ms: number): number | undefined {
  let best: { atMs: number; number: number | undefined } | undefined;
  for (const { startMs, samples } of segments) {
    let decodeMs = startMs;
    for (const { durationTicks, compositionOffsetTicks, data } of samples) {
      const atMs = decodeMs + compositionOffsetTicks / 90;
      if (atMs <= ms && atMs >= (best?.atMs ?? -Infinity)) best = { atMs, number: data[4] };
      decodeMs += durationTicks / 90;
    }
  }
  return best?.number;
}

describe('The last frame of a source with B-frames', () => {
  it.each([
    ['pauses', (place: number) => shownMs(place)],
    ['derives decode times from earlier presentation times', (place: number) => (place < 2 ? place * frameMs : shownMs(place - 2) + 2 * frameMs)],
  ])('is held when the source %s, until its next frame', (_, decodeMs) => {
    const frames = reorderedFrames(200, decodeMs);
    const { video, audio, segmenter } = segmentRuns([
      { track: 'main-video', format: videoFormat(), frames, staysPublished: true, arrivalUs: ({ presentationTimeUs }) => presentationTimeUs },
      { track: 'main-audio', format: audioFormat(), frames: audioFrames({ fromMs: 0, durationMs: 30_000 }) },
    ]);
    expect(video.map(({ isFiller }) => isFiller)).toEqual(video.map(() => false));
    expect(segmenter.droppedFrames).toBe(0);
    for (const segments of [video, audio]) expectNoGaps(segments);
    expect(Math.max(...video.map(({ startMs, endMs }) => endMs - startMs))).toBeLessThanOrEqual(10_250);
    const delayMs = 2 * frameMs;
    for (let number = 1; number < 195; number += 1) expect([number, shownAt(video, shownMs(number) + delayMs + frameMs / 2)]).toEqual([number, number]);
    for (let ms = pauseAtMs + delayMs; ms < pauseAtMs + pauseMs; ms += 500) expect(shownAt(video, ms)).toBe(pauseAtMs / frameMs - 1);
  });

  it.each([
    ['first keyframe', 0, 8000],
    ['first keyframe', 0, -8000],
    ['51st frame', 50, 8000],
    ['51st frame', 50, -8000],
  ])('is not held into the time that an absurd composition time of the %s names (%i, %i s)', (_, wrong, seconds) => {
    const frames = reorderedFrames(100, (place) => place * frameMs).map((frame, place) => (place === wrong ? { ...frame, presentationTimeUs: frame.decodeTimeUs + seconds * 1e6 } : frame));
    const { video } = segmentRuns([
      { track: 'main-video', format: videoFormat(), frames, staysPublished: true },
      { track: 'main-audio', format: audioFormat(), frames: audioFrames({ fromMs: 0, durationMs: 30_000 }) },
    ]);
    expectNoGaps(video);
    expect(video.at(-1)?.endMs).toBeLessThan(34_000);
    const offsets = video.flatMap(({ samples }) => samples.map(({ compositionOffsetTicks }) => Math.abs(compositionOffsetTicks)));
    expect(Math.max(...offsets)).toBeLessThanOrEqual(3000 * 90 * 2);
  });
});
