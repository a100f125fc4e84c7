import { expect, it } from 'vitest';
import { storyboardCells } from './storyboardCells.ts';

it('reads where the images of a storyboard are', () => {
  const vtt = 'WEBVTT\n\n00:00:00.000 --> 00:00:04.000\nstoryboard-0.jpg#xywh=0,0,160,90\n\n01:00:04.000 --> 01:00:05.500\nstoryboard-1.jpg#xywh=160,90,160,90\n';
  expect(storyboardCells(vtt, 'https://example.org/media/t/v/storyboard.vtt')).toEqual([
    { startMs: 0, endMs: 4000, url: 'https://example.org/media/t/v/storyboard-0.jpg', x: 0, y: 0, width: 160, height: 90 },
    { startMs: 3_604_000, endMs: 3_605_500, url: 'https://example.org/media/t/v/storyboard-1.jpg', x: 160, y: 90, width: 160, height: 90 },
  ]);
  expect(storyboardCells('WEBVTT\n\nno cue', 'https://example.org/')).toEqual([]);
});
