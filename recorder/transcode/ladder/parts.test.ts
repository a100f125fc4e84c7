import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyframesPerSegment } from '../limits.ts';
import { perSecond } from '../probe/frameRates.ts';
import { keyframeBefore, keyframeInterval, planParts } from './parts.ts';

const rate = { num: 25, den: 1 };
const everySeconds = (seconds: number, until: number) => Array.from({ length: Math.ceil(until / seconds) }, (_, index) => index * seconds);

describe('The parts of a video', () => {
  it('are a minute long where the source has regular keyframes', () => {
    const parts = planParts({ durationSeconds: 600, rate, keyframes: everySeconds(2, 600) });
    expect(parts.map(({ frameCount }) => frameCount / 25)).toEqual(Array.from({ length: 10 }, () => 60));
  });

  it('begin where the source has a keyframe, if one is near', () => {
    // Every 9 s: 54 s is a multiple of a segment and has one, 60 s has none.
    const parts = planParts({ durationSeconds: 300, rate, keyframes: everySeconds(9, 300) });
    expect(parts.slice(1).map(({ firstFrame }) => (firstFrame / 25) % 9)).toEqual(parts.slice(1).map(() => 0));
  });

  it('are one for a short video, and for a single frame', () => {
    expect(planParts({ durationSeconds: 70, rate, keyframes: [0] })).toEqual([{ index: 0, firstFrame: 0, frameCount: 1750 }]);
    expect(planParts({ durationSeconds: 0, rate, keyframes: [] })).toEqual([{ index: 0, firstFrame: 0, frameCount: 1 }]);
  });

  it('cover every frame once, and begin at segments, whatever the keyframes are', () => {
    const rates = fc.constantFrom(rate, { num: 30000, den: 1001 }, { num: 60, den: 1 }, { num: 12500, den: 1000 }, { num: 1000, den: 1000 });
    const keyframes = fc.array(fc.double({ min: 0, max: 4000, noNaN: true }), { maxLength: 200 }).map((times) => times.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(fc.double({ min: 0, max: 4000, noNaN: true }), rates, keyframes, (durationSeconds, of, times) => {
        const parts = planParts({ durationSeconds, rate: of, keyframes: times });
        const segment = keyframeInterval(of) * keyframesPerSegment;
        let next = 0;
        for (const [index, part] of parts.entries()) {
          expect(part).toMatchObject({ index, firstFrame: next });
          expect(part.firstFrame % segment).toBe(0);
          expect(part.frameCount).toBeGreaterThan(0);
          expect(part.frameCount).toBeLessThanOrEqual(12 * segment);
          next += part.frameCount;
        }
        expect(next).toBe(Math.max(1, Math.round(durationSeconds * perSecond(of))));
      }),
    );
  });
});

describe('The keyframe before a time', () => {
  it('is the last one that is not later', () => {
    expect([-1, 0, 1.9, 2, 1.9999, 7, 100].map((at) => keyframeBefore([0, 2, 4, 7], at))).toEqual([0, 0, 0, 2, 2, 7, 7]);
    expect(keyframeBefore([], 5)).toBe(0);
  });
});
