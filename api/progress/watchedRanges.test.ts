import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeRanges, watchedSeconds } from './watchedRanges.ts';
import type { WatchedRange } from './watchedRanges.ts';

describe('watched ranges', () => {
  it('are joined where they touch or overlap, in any order', () => {
    expect(mergeRanges([[30, 40], [0, 10], [10.2, 12], [5, 11], [39, 50]], 100)).toEqual([[0, 12], [30, 50]]);
  });

  it('close the smallest gaps when there are too many', () => {
    expect(mergeRanges([[0, 10], [11, 20], [40, 50], [52, 60]], 2)).toEqual([[0, 20], [40, 60]]);
    expect(mergeRanges([[0, 10], [11, 20], [40, 50], [52, 60]], 1)).toEqual([[0, 60]]);
  });

  it('count each second once, and none beyond the end of the video', () => {
    expect(watchedSeconds(mergeRanges([[0, 60], [30, 90], [80, 120]], 10), 100)).toBe(100);
    expect(watchedSeconds([[100, 200]], 90)).toBe(0);
  });

  it('are in order and apart, cover all that was given, and are as few as wanted', () => {
    const tenths = fc.integer({ min: 0, max: 5000 }).map((value) => value / 10);
    const range = fc.tuple(tenths, fc.integer({ min: 1, max: 300 })).map(([start, length]): WatchedRange => [start, start + length / 10]);
    fc.assert(
      fc.property(fc.array(range, { maxLength: 60 }), fc.integer({ min: 1, max: 8 }), (ranges, most) => {
        const merged = mergeRanges(ranges, most);
        const isApart = merged.every(([start, end], index) => start < end && (index === 0 || start > (merged[index - 1]?.[1] ?? 0)));
        const isCovered = ranges.every(([start, end]) => merged.some(([from, to]) => from <= start + 1e-6 && to >= end - 1e-6));
        const again = mergeRanges([...merged, ...ranges], most);
        return isApart && isCovered && merged.length <= most && JSON.stringify(again) === JSON.stringify(merged);
      }),
    );
  });
});
