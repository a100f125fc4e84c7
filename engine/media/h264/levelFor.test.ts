import { expect, it } from 'vitest';
import { levelFor } from './levelFor.ts';

it.each([
  ['320x180', 30, 30],
  ['640x480', 30, 30],
  ['1280x720', 30, 31],
  ['1280x720', 60, 32],
  ['1920x1080', 30, 40],
  ['1920x1080', 60, 42],
  ['1080x1920', 30, 40],
  ['3840x2160', 30, 51],
  ['15360x16', 30, 60],
] as const)('the level of %s at %i frames a second is %i', (size, frameRate, levelIdc) => {
  const [widthPx = 0, heightPx = 0] = size.split('x').map(Number);
  expect(levelFor({ widthPx, heightPx, frameRate })).toBe(levelIdc);
});
