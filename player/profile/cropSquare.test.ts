import { describe, expect, it } from 'vitest';
import { centredCrop, insideImage, maxZoom, sideOf } from './cropSquare.ts';

const photograph = { widthPx: 300, heightPx: 200 };

describe('the square of a picture', () => {
  it('begins as the largest one in the middle', () => {
    expect(centredCrop(photograph)).toEqual({ zoom: 1, xPx: 150, yPx: 100 });
    expect(sideOf(photograph, centredCrop(photograph))).toBe(200);
  });

  it('stays inside the picture, wherever it is dragged', () => {
    expect(insideImage(photograph, { zoom: 1, xPx: -50, yPx: 500 })).toEqual({ zoom: 1, xPx: 100, yPx: 100 });
    expect(insideImage(photograph, { zoom: 2, xPx: 290, yPx: 20 })).toEqual({ zoom: 2, xPx: 250, yPx: 50 });
  });

  it('shows no more than the picture has, and no less than a quarter of its shorter side', () => {
    expect(insideImage(photograph, { zoom: 0.2, xPx: 150, yPx: 100 }).zoom).toBe(1);
    expect(sideOf(photograph, insideImage(photograph, { zoom: 99, xPx: 150, yPx: 100 }))).toBe(200 / maxZoom);
  });
});
