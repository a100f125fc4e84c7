import { expect, it } from 'vitest';
import type { PlaybackTrack } from '#api/contract';
import { chooseTracks } from './chooseTracks.ts';

const camera: PlaybackTrack = { source: 'camera', masterUrl: '/main', hasVideo: true, hasAudio: true, startOffsetSeconds: 0, durationSeconds: 60, pictures: [{ startSeconds: 0, endSeconds: 60 }] };
const screen: PlaybackTrack = { ...camera, source: 'screen', masterUrl: '/screen', hasAudio: false, startOffsetSeconds: 12 };

it('uses the track with audio as the main one, in any order', () => {
  expect(chooseTracks([screen, camera])).toEqual({ main: camera, second: screen, secondOffsetSeconds: -12 });
});

it('plays a single track', () => {
  expect(chooseTracks([camera])).toEqual({ main: camera, second: undefined, secondOffsetSeconds: 0 });
  expect(chooseTracks([screen])?.main).toBe(screen);
});

it('shows the screen beside a lecture with audio only', () => {
  const microphone: PlaybackTrack = { ...camera, source: 'microphone', hasVideo: false };
  expect(chooseTracks([microphone, screen])).toMatchObject({ main: microphone, second: screen });
});

it('has nothing to play in an empty recording', () => {
  expect(chooseTracks([])).toBeUndefined();
});
