import { describe, expect, it } from 'vitest';
import { markedRange, widenedRange, withCut } from './cutRange.ts';

const points = [0, 4000, 8000, 12_000, 15_500];
const open = '2026-12-14T00:00:00.000Z';

describe('a range that is cut', () => {
  it('takes whole segments', () => {
    expect(widenedRange(points, { startMs: 5000, endMs: 9000 })).toEqual({ startMs: 4000, endMs: 12_000 });
    expect(widenedRange(points, { startMs: 4000, endMs: 8000 })).toEqual({ startMs: 4000, endMs: 8000 });
    expect(widenedRange(points, { startMs: 13_000, endMs: 99_000 })).toEqual({ startMs: 12_000, endMs: 15_500 });
    expect(widenedRange(points, { startMs: 15_500, endMs: 16_000 })).toBeUndefined();
    expect(widenedRange([], { startMs: 0, endMs: 1 })).toBeUndefined();
  });

  it('is between two marks in either order', () => {
    expect(markedRange(9000, 5000)).toEqual({ startMs: 5000, endMs: 9000 });
    expect([markedRange(undefined, 5000), markedRange(5000, 5000)]).toEqual([undefined, undefined]);
  });

  it('becomes one with the cuts that it touches', () => {
    const cuts = [{ startMs: 0, endMs: 4000, undoUntil: open }, { startMs: 8000, endMs: 12_000, undoUntil: open }];
    expect(withCut(cuts, { startMs: 4000, endMs: 10_000 })).toEqual([{ startMs: 0, endMs: 4000 }, { startMs: 4000, endMs: 12_000 }]);
  });

  it('stays apart from those whose bytes are gone', () => {
    const gone = [{ startMs: 8000, endMs: 12_000, undoUntil: null }];
    expect(withCut(gone, { startMs: 4000, endMs: 10_000 })).toEqual([{ startMs: 4000, endMs: 10_000 }, { startMs: 8000, endMs: 12_000 }]);
  });
});
