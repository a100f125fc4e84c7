import { expect, it } from 'vitest';
import { countUntil, positionOf } from './chatTimeline.ts';

const messages = [1000, 5000, 5000, 9000, 60_000].map((atMs) => ({ atMs }));

it('shows what was said up to the position, also when going back', () => {
  expect([0, 1, 4.9, 5, 8.999, 9, 59, 61, 5.5, 0.5].map((at) => countUntil(messages, at, 0))).toEqual([0, 1, 1, 3, 3, 4, 4, 5, 3, 0]);
});

it('takes the beginning of the video on the lecture clock into account', () => {
  expect(countUntil(messages, 0, 4)).toBe(1);
  expect(countUntil(messages, 1, 4)).toBe(3);
  expect(positionOf({ atMs: 9000 }, 4)).toBe(5);
});

it('shows from the start what was said before the recording began', () => {
  expect(countUntil(messages, 0, 10)).toBe(4);
});

it('has nothing to show of an empty chat', () => {
  expect(countUntil([], 100, 0)).toBe(0);
});

it('agrees with counting one by one', () => {
  const many = Array.from({ length: 500 }, (_, index) => ({ atMs: Math.floor((index * index * 7919) / 500) })).sort((a, b) => a.atMs - b.atMs);
  for (let at = 0; at < 4200; at += 13.7) {
    expect(countUntil(many, at, 2)).toBe(many.filter((message) => message.atMs <= (at + 2) * 1000).length);
  }
});
