import { expect, it } from 'vitest';
import { defaultRange, moved, windowOf } from './clipRange.ts';

it('begins with the last half minute, at the beginning of a video with the first', () => {
  expect(defaultRange(100, 300)).toEqual({ startSeconds: 70, endSeconds: 100 });
  expect(defaultRange(4, 300)).toEqual({ startSeconds: 0, endSeconds: 30 });
  expect(defaultRange(8, 12)).toEqual({ startSeconds: 0, endSeconds: 12 });
});

it('moves one end within the video, no closer than 5 s and no further than 10 min from the other', () => {
  const range = { startSeconds: 700, endSeconds: 730 };
  const to = (toSeconds: number) => ({ toSeconds, durationSeconds: 2000 });
  expect(moved(range, 'startSeconds', to(728)).startSeconds).toBe(725);
  expect(moved(range, 'startSeconds', to(0)).startSeconds).toBe(130);
  expect(moved(range, 'endSeconds', to(10)).endSeconds).toBe(705);
  expect(moved(range, 'endSeconds', to(1900)).endSeconds).toBe(1300);
  expect(moved({ startSeconds: 1990, endSeconds: 1998 }, 'endSeconds', to(5000)).endSeconds).toBe(2000);
});

it('shows twice the clip around it, within the video', () => {
  expect(windowOf({ startSeconds: 100, endSeconds: 200 }, 1000)).toEqual({ startSeconds: 50, endSeconds: 250 });
  expect(windowOf({ startSeconds: 0, endSeconds: 10 }, 1000)).toEqual({ startSeconds: 0, endSeconds: 60 });
  expect(windowOf({ startSeconds: 0, endSeconds: 10 }, 20)).toEqual({ startSeconds: 0, endSeconds: 20 });
});
