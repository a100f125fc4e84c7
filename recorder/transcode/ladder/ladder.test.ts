import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ladderOf, pixels } from './ladder.ts';

const sizes = (widthPx: number, heightPx: number, heights?: number[]) => ladderOf({ widthPx, heightPx }, heights).map((rung) => `${rung.height}: ${rung.widthPx}x${rung.heightPx}`);

describe('The ladder', () => {
  it('begins with the size of the source', () => {
    expect(sizes(1920, 1080)).toEqual(['1080: 1920x1080', '720: 1280x720', '480: 854x480', '360: 640x360', '240: 426x240']);
    expect(sizes(3840, 2160).slice(0, 3)).toEqual(['2160: 3840x2160', '1440: 2560x1440', '1080: 1920x1080']);
    expect(sizes(1366, 768)).toEqual(['1080: 1366x768', '480: 854x480', '360: 640x360', '240: 426x240']);
  });

  it('ends at 2160, and keeps the orientation and the shape', () => {
    expect(sizes(7680, 4320)[0]).toBe('2160: 3840x2160');
    expect(sizes(1080, 1920)).toEqual(['1080: 1080x1920', '720: 720x1280', '480: 480x854', '360: 360x640', '240: 240x426']);
    expect(sizes(1920, 800)).toEqual(['1080: 1920x800', '720: 1280x534', '480: 854x356', '360: 640x266', '240: 426x178']);
    expect(sizes(640, 480)).toEqual(['480: 640x480', '360: 480x360', '240: 320x240']);
  });

  it('has one size for a tiny video, and even sides for an odd one', () => {
    expect(sizes(16, 16)).toEqual(['240: 16x16']);
    expect(sizes(1, 1)).toEqual(['240: 2x2']);
    expect(sizes(333, 251)).toEqual(['360: 332x250']);
    expect(sizes(1920, 1088)[0]).toBe('1080: 1920x1088');
  });

  it('can be limited to some heights, and is never empty', () => {
    expect(sizes(1920, 1080, [720, 240])).toEqual(['720: 1280x720', '240: 426x240']);
    expect(sizes(640, 360, [1080])).toEqual(['360: 640x360']);
  });

  it('is never larger than its source, has even sides, and each step is smaller', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 8192 }), fc.integer({ min: 2, max: 8192 }), (widthPx, heightPx) => {
        const ladder = ladderOf({ widthPx, heightPx });
        for (const [index, rung] of ladder.entries()) {
          expect(rung.widthPx % 2 + (rung.heightPx % 2)).toBe(0);
          // A side of 1 pixel becomes 2.
          expect(rung.widthPx).toBeLessThanOrEqual(widthPx + 1);
          expect(rung.heightPx).toBeLessThanOrEqual(heightPx + 1);
          const above = ladder[index - 1];
          if (above) expect(pixels(rung)).toBeLessThan(pixels(above));
        }
      }),
    );
  });
});
