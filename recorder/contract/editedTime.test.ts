import { describe, expect, it } from 'vitest';
import { editedDurationMs, keptSpans, nearestEditedMs, toEditedMs, toEditedSpan, toSourceMs } from './editedTime.ts';

const span = (startMs: number, endMs: number) => ({ startMs, endMs });

describe('Edited time', () => {
  // 100 s, without 10 to 20 and 50 to 70: 70 s are left.
  const kept = keptSpans(100_000, [span(50_000, 70_000), span(10_000, 20_000)]);

  it('keeps what no cut takes, also of cuts that touch, overlap, or are at an end', () => {
    expect(kept).toEqual([span(0, 10_000), span(20_000, 50_000), span(70_000, 100_000)]);
    expect(editedDurationMs(kept)).toBe(70_000);
    expect(keptSpans(100, [])).toEqual([span(0, 100)]);
    expect(keptSpans(100, [span(0, 30), span(20, 40), span(40, 50), span(90, 200)])).toEqual([span(50, 90)]);
    expect(keptSpans(100, [span(0, 100)])).toEqual([]);
    expect(keptSpans(100, [span(10, 90), span(20, 30)])).toEqual([span(0, 10), span(90, 100)]);
  });

  it('keeps of a part of the video what is in it', () => {
    expect(keptSpans(100, [span(20, 40), span(70, 80)], span(30, 60))).toEqual([span(40, 60)]);
    expect(keptSpans(100, [span(20, 40)], span(20, 30))).toEqual([]);
    expect(keptSpans(100, [span(50, 60)], span(10, 20))).toEqual([span(10, 20)]);
  });

  it('says where viewers see a moment, and which moment they see', () => {
    expect(toEditedMs(kept, 5000)).toBe(5000);
    expect(toEditedMs(kept, 20_000)).toBe(10_000);
    expect(toEditedMs(kept, 15_000)).toBeNull();
    expect(toEditedMs(kept, 10_000)).toBeNull();
    expect(toEditedMs(kept, 100_000)).toBe(70_000);
    expect(toEditedMs(kept, 100_001)).toBeNull();
    expect(nearestEditedMs(kept, 15_000)).toBe(10_000);
    for (const editedMs of [0, 9999, 10_000, 39_999, 40_000, 69_999]) expect(toEditedMs(kept, toSourceMs(kept, editedMs))).toBe(editedMs);
    expect(toSourceMs(kept, 80_000)).toBe(100_000);
    expect(toSourceMs([], 5)).toBe(0);
  });

  it('joins what is left of a span on both sides of a cut', () => {
    expect(toEditedSpan(kept, span(8000, 25_000))).toEqual(span(8000, 15_000));
    expect(toEditedSpan(kept, span(11_000, 19_000))).toBeNull();
    expect(toEditedSpan(kept, span(15_000, 22_000))).toEqual(span(10_000, 12_000));
  });
});
