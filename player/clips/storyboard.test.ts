import { expect, it } from 'vitest';
import { imageAt, parseStoryboard } from './storyboard.ts';

it('finds the image of a moment in a storyboard', () => {
  const vtt = 'WEBVTT\n\n00:00:00.000 --> 00:00:05.000\nstoryboard-0.jpg#xywh=0,0,160,90\n\n01:00:05.500 --> 01:00:10.000\nstoryboard-1.jpg#xywh=160,90,160,90\n';
  const images = parseStoryboard(vtt, 'https://example.org/media/token/v/storyboard.vtt');
  expect(images).toEqual([
    { startSeconds: 0, url: 'https://example.org/media/token/v/storyboard-0.jpg', x: 0, y: 0, width: 160, height: 90 },
    { startSeconds: 3605.5, url: 'https://example.org/media/token/v/storyboard-1.jpg', x: 160, y: 90, width: 160, height: 90 },
  ]);
  expect([imageAt(images, 3605)?.x, imageAt(images, 4000)?.x, imageAt([], 1)]).toEqual([0, 160, undefined]);
});
