import { expect, it } from 'vitest';
import type { PlaybackTrack } from '#api/contract';
import { chooseTracks } from './chooseTracks.ts';

const camera: PlaybackTrack = { source: 'camera', masterUrl: '/main', hasVideo: true, hasAudio: true, startOffsetSeconds: 0, durationSeconds: 60, pictures: [{ startSeconds: 0, endSeconds: 60 }] };
const screen: PlaybackTrack = { ...camera, source: 'screen', masterUrl: '/screen', hasAudio: false, startOffsetSeconds: 12 };

it('lets the track with the sound lead, whatever their order', () => {
  expect(chooseTracks([screen, camera])).toEqual({ main: camera, second: screen, secondOffsetSeconds: -12 });
});

it('plays one track alone', () => {
  expect(chooseTracks([camera])).toEqual({ main: camera, second: undefined, secondOffsetSeconds: 0 });
  expect(chooseTracks([screen])?.main).toBe(screen);
});

it('shows the screen beside a lecture that is sound only', () => {
  const sound: PlaybackTrack = { ...camera, source: 'microphone', hasVideo: false };
  expect(chooseTracks([sound, screen])).toMatchObject({ main: sound, second: screen });
});

it('has nothing to play of an empty recording', () => {
  expect(chooseTracks([])).toBeUndefined();
});
