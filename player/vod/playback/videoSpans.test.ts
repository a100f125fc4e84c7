import { expect, it } from 'vitest';
import type { PlaybackTrack } from '#api/contract';
import { trackSetKey, hasVideoAt } from './videoSpans.ts';

const screen: PlaybackTrack = {
  source: 'screen',
  masterUrl: '/screen',
  hasVideo: true,
  hasAudio: false,
  startOffsetSeconds: 0,
  kept: null, durationSeconds: 100,
  pictures: [{ startSeconds: 10, endSeconds: 20 }, { startSeconds: 60, endSeconds: 98 }],
};

it('distinguishes sent video from gaps filled with black', () => {
  expect([5, 15, 40, 70, 99].map((at) => hasVideoAt(screen, at, false))).toEqual([false, true, false, true, false]);
});

it('assumes that the last span of a growing video continues, unless it had stopped', () => {
  expect(hasVideoAt(screen, 500, true)).toBe(true);
  expect(hasVideoAt({ ...screen, durationSeconds: 300 }, 500, true)).toBe(false);
});

it('has another key for a new track, new audio, or video that started or stopped, but not for growth', () => {
  const made = trackSetKey([screen]);
  expect(trackSetKey([{ ...screen, durationSeconds: 101, pictures: [screen.pictures[0]!, { startSeconds: 60, endSeconds: 99 }] }])).toBe(made);
  expect(trackSetKey([{ ...screen, hasAudio: true }])).not.toBe(made);
  expect(trackSetKey([screen, { ...screen, source: 'camera' }])).not.toBe(made);
  expect(trackSetKey([{ ...screen, durationSeconds: 200 }])).not.toBe(made);
});
