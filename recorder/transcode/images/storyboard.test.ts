import { describe, expect, it } from 'vitest';
import { planStoryboard, storyboardIndex } from './storyboard.ts';

const size = { widthPx: 426, heightPx: 240 };

describe('A storyboard', () => {
  it('has an image every few seconds, and fewer in long videos', () => {
    expect(planStoryboard(60, size)).toMatchObject({ intervalSeconds: 2, tileCount: 30, spriteCount: 1, tile: { widthPx: 160, heightPx: 90 } });
    expect(planStoryboard(600, size)).toMatchObject({ intervalSeconds: 4, tileCount: 150, spriteCount: 2 });
    expect(planStoryboard(4 * 3600, size)).toMatchObject({ intervalSeconds: 20, tileCount: 720, spriteCount: 8 });
    expect(planStoryboard(0.04, size)).toMatchObject({ tileCount: 1, spriteCount: 1 });
  });

  it('has the shape of its video, within reason', () => {
    expect(planStoryboard(60, { widthPx: 240, heightPx: 426 }).tile).toEqual({ widthPx: 160, heightPx: 284 });
    expect(planStoryboard(60, { widthPx: 2, heightPx: 4000 }).tile.heightPx).toBe(640);
    expect(planStoryboard(60, { widthPx: 4000, heightPx: 2 }).tile.heightPx).toBe(2);
  });

  it('says in WebVTT where each image is, up to the end of the video', () => {
    const plan = planStoryboard(601.5, size);
    const index = storyboardIndex(plan, 601.5);
    expect(index.startsWith('WEBVTT\n\n00:00:00.000 --> 00:00:04.000\nstoryboard-0.jpg#xywh=0,0,160,90\n')).toBe(true);
    expect(index).toContain('00:00:44.000 --> 00:00:48.000\nstoryboard-0.jpg#xywh=160,90,160,90\n');
    expect(index).toContain('00:06:40.000 --> 00:06:44.000\nstoryboard-1.jpg#xywh=0,0,160,90\n');
    expect(index.trimEnd().endsWith('00:10:00.000 --> 00:10:01.500\nstoryboard-1.jpg#xywh=0,450,160,90')).toBe(true);
  });
});
