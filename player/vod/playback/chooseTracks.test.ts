import { expect, it } from 'vitest';
import type { PlaybackTrack } from '#api/contract';
import { chooseTracks } from './chooseTracks.ts';

const camera: PlaybackTrack = { source: 'camera', masterUrl: '/main', hasVideo: true, hasAudio: true, startOffsetSeconds: 0, kept: null, durationSeconds: 60, pictures: [{ startSeconds: 0, endSeconds: 60 }] };
const screen: PlaybackTrack = { ...camera, source: 'screen', masterUrl: '/screen', hasAudio: false, startOffsetSeconds: 12 };

it('uses the track with audio as the main one, in any order', () => {
  const chosen = chooseTracks([screen, camera]);
  expect(chosen).toMatchObject({ main: camera, second: screen });
  expect(chosen?.toSecondSeconds(20)).toBe(8);
});

it('shows the same moment of the lecture in both, although each was cut at its own segments', () => {
  const [cutCamera, cutScreen] = [{ ...camera, kept: [{ startSeconds: 0, endSeconds: 10 }, { startSeconds: 20, endSeconds: 60 }] }, { ...screen, startOffsetSeconds: 0, kept: [{ startSeconds: 0, endSeconds: 8 }, { startSeconds: 23, endSeconds: 60 }] }];
  const { toSecondSeconds } = chooseTracks([cutCamera, cutScreen])!;
  // 30 s of the lecture: 20 s of the camera, 15 s of the screen.
  expect(toSecondSeconds(20)).toBe(15);
  // 9 s of the lecture are cut of the screen.
  expect([toSecondSeconds(5), toSecondSeconds(9)]).toEqual([5, 8]);
});

it('plays a single track', () => {
  expect(chooseTracks([camera])).toMatchObject({ main: camera, second: undefined });
  expect(chooseTracks([screen])?.main).toBe(screen);
});

it('shows the screen beside a lecture with audio only', () => {
  const microphone: PlaybackTrack = { ...camera, source: 'microphone', hasVideo: false };
  expect(chooseTracks([microphone, screen])).toMatchObject({ main: microphone, second: screen });
});

it('has nothing to play in an empty recording', () => {
  expect(chooseTracks([])).toBeUndefined();
});
