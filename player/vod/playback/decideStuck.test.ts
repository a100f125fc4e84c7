import { expect, it } from 'vitest';
import { decideStuck } from './decideStuck.ts';

const video = [{ startSeconds: 0, endSeconds: 60 }];
const lateAudio = [
  { startSeconds: 4.2, endSeconds: 30 },
  { startSeconds: 40, endSeconds: 60 },
];

it('skips a gap of the audio, at the start or later, after some seconds', () => {
  const tracks = [video, lateAudio];
  expect(decideStuck({ positionSeconds: 0, forMs: 2000, tracks })).toEqual({ kind: 'wait' });
  expect(decideStuck({ positionSeconds: 0, forMs: 3000, tracks })).toEqual({ kind: 'skip', toSeconds: 4.2 });
  expect(decideStuck({ positionSeconds: 31, forMs: 3000, tracks })).toEqual({ kind: 'skip', toSeconds: 40 });
});

it('skips to where every track has media', () => {
  const tracks = [[{ startSeconds: 0, endSeconds: 5 }, { startSeconds: 20, endSeconds: 60 }], lateAudio];
  expect(decideStuck({ positionSeconds: 6, forMs: 3000, tracks })).toEqual({ kind: 'skip', toSeconds: 20 });
});

it('reports that nothing plays when every track has media and nothing else explains it', () => {
  expect(decideStuck({ positionSeconds: 10, forMs: 29_000, tracks: [video, lateAudio] })).toEqual({ kind: 'wait' });
  expect(decideStuck({ positionSeconds: 10, forMs: 30_000, tracks: [video, lateAudio] })).toEqual({ kind: 'report' });
});

it('reports that nothing plays after the last media', () => {
  expect(decideStuck({ positionSeconds: 61, forMs: 30_000, tracks: [video, lateAudio] })).toEqual({ kind: 'report' });
});
