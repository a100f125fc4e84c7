import { expect, it } from 'vitest';
import { countUntil, positionOf } from './chatTimeline.ts';

const messages = [1000, 5000, 5000, 9000, 60_000].map((atMs) => ({ atMs }));

it('counts the messages up to the position, also after seeking back', () => {
  expect([0, 1, 4.9, 5, 8.999, 9, 59, 61, 5.5, 0.5].map((at) => countUntil(messages, at, 0))).toEqual([0, 1, 1, 3, 3, 4, 4, 5, 3, 0]);
});

it('takes the offset between lecture clock and video into account', () => {
  expect(countUntil(messages, 0, 4)).toBe(1);
  expect(countUntil(messages, 1, 4)).toBe(3);
  expect(positionOf({ atMs: 9000 }, 4)).toBe(5);
});

it('counts messages from before the recording at its start', () => {
  expect(countUntil(messages, 0, 10)).toBe(4);
});

it('counts nothing in an empty chat', () => {
  expect(countUntil([], 100, 0)).toBe(0);
});

it('agrees with a linear count', () => {
  const many = Array.from({ length: 500 }, (_, index) => ({ atMs: Math.floor((index * index * 7919) / 500) })).sort((a, b) => a.atMs - b.atMs);
  for (let at = 0; at < 4200; at += 13.7) {
    expect(countUntil(many, at, 2)).toBe(many.filter((message) => message.atMs <= (at + 2) * 1000).length);
  }
});
