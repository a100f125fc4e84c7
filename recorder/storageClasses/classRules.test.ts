import { describe, expect, it } from 'vitest';
import { dueMoves, mayMove } from './classRules.ts';

const day = 24 * 3600_000;

describe('The rules of storage classes', () => {
  it('move nothing while they are off', () => {
    expect(dueMoves({ infrequentAfterDays: null, archiveAfterDays: null }, 400 * day)).toEqual([]);
  });

  it('move to the archive first, from both other classes', () => {
    expect(dueMoves({ infrequentAfterDays: 30, archiveAfterDays: 180 }, Date.UTC(2030, 6, 1))).toEqual([
      { to: 'archive', from: ['infrequent', 'standard'], idleSince: '2030-01-02T00:00:00.000Z' },
      { to: 'infrequent', from: ['standard'], idleSince: '2030-06-01T00:00:00.000Z' },
    ]);
    expect(dueMoves({ infrequentAfterDays: null, archiveAfterDays: 1 }, day).map(({ to }) => to)).toEqual(['archive']);
  });

  it('move media and uploaded files, and keep posters, manifests and playlists', () => {
    for (const key of ['recordings/rec_1/main-video/000001.m4s', 'recordings/rec_1/main-video/init-0.mp4', 'videos/vid_1/source/upl_1', 'videos/vid_1/1/v720/3.mp4']) expect([key, mayMove(key)]).toEqual([key, true]);
    for (const key of ['recordings/rec_1/main.m3u8', 'recordings/rec_1/poster.jpg', 'videos/vid_1/1/manifest.json', 'videos/vid_1/1/storyboard.vtt', 'videos/vid_1/1/storyboard-0.jpg', 'videos/vid_1/1/waveform.json']) expect([key, mayMove(key)]).toEqual([key, false]);
  });
});
