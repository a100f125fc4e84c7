import { describe, expect, it } from 'vitest';
import { chapterIndexAt, chapterStartBy } from './chapterAt.ts';

const chapters = [
  { startSeconds: 10, title: 'Waves' },
  { startSeconds: 60, title: 'Lenses' },
];

describe('the chapters of a video that is watched', () => {
  it('are current from their beginning to the next', () => {
    expect([0, 10, 59.9, 60, 500].map((at) => chapterIndexAt(chapters, at))).toEqual([-1, 0, 0, 1, 1]);
  });

  it('are gone through forward to the last', () => {
    expect([0, 10, 60].map((positionSeconds) => chapterStartBy(chapters, { positionSeconds, step: 1 }))).toEqual([10, 60, undefined]);
  });

  it('are gone through backward: to the beginning of the current one, or to the one before it right after that', () => {
    expect([5, 11, 30, 61, 80].map((positionSeconds) => chapterStartBy(chapters, { positionSeconds, step: -1 }))).toEqual([0, 0, 10, 10, 60]);
  });

  it('are not gone through when there are none', () => {
    expect([1, -1].map((step) => chapterStartBy([], { positionSeconds: 50, step: step as 1 | -1 }))).toEqual([undefined, undefined]);
  });
});
