import { expect, it } from 'vitest';
import { hasMediaAt, spansOf } from './mediaSpans.ts';

const segments = [
  { start: 0, duration: 4 },
  { start: 4.01, duration: 4 },
  { start: 8, duration: 60, gap: true },
  { start: 68, duration: 4 },
];

it('joins neighbouring segments and leaves gaps out', () => {
  expect(spansOf(segments)).toEqual([
    { startSeconds: 0, endSeconds: 8.01 },
    { startSeconds: 68, endSeconds: 72 },
  ]);
});

it('knows where there is media and where there is none', () => {
  const spans = spansOf(segments);
  expect([0, 5, 8.005, 68, 71.9].map((at) => hasMediaAt(spans, at, false))).toEqual([true, true, true, true, true]);
  expect([30, 67, 72, 90].map((at) => hasMediaAt(spans, at, false))).toEqual([false, false, false, false]);
});

it('expects more media at the end of a growing playlist', () => {
  const spans = spansOf(segments);
  expect(hasMediaAt(spans, 75, true)).toBe(true);
  expect(hasMediaAt(spans, 200, true)).toBe(false);
  expect(hasMediaAt(spans, 30, true)).toBe(false);
});

it('has no media before the first segment is known', () => {
  expect(hasMediaAt(spansOf([]), 0, true)).toBe(false);
});
