import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tryRead } from '../bits/tryRead.ts';
import { parseSps } from './parseSps.ts';

/** SPS, PPS, width and height of streams encoded by x264. */
const encoded = {
  baseline: ['6742c01ed900a02ff970110000030001000003003c0f162e48', '68cb83cb20', 640, 360],
  main: ['674d4015eca0f047f58088000003000800000301e078b16cb0', '68ebe3cb20', 480, 270],
  high: ['67640028acd940780227e5c044000003000400000300f03c60c658', '68ebe3cb22c0', 1920, 1080],
  'high, odd size': ['67640020acd94056061e6f0110000003001000000303c0f1831960', '68ebe3cb22c0', 1366, 768],
  'high 4:4:4': ['67f4000d919b282a10f1f1f80880000003008000001e078a14cb', '68ebe3c44848', 322, 242],
} as const;

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));

describe('parseSps', () => {
  it.each(Object.entries(encoded))('reads the image size after cropping: %s', (_, [sps, , widthPx, heightPx]) => {
    expect(parseSps(bytes(sps))).toMatchObject({ widthPx, heightPx });
  });

  it('reads the height of interlaced video, which includes both fields', () => {
    expect(parseSps(bytes('67f4001e919b2816849b011000000300100000030321f1429960'))).toMatchObject({ widthPx: 720, heightPx: 576 });
  });

  it('throws for another NAL unit and for one that ends early', () => {
    expect(() => parseSps(bytes(encoded.high[1]))).toThrow(RangeError);
    expect(() => parseSps(bytes(encoded.high[0]).subarray(0, 9))).toThrow(RangeError);
    expect(() => parseSps(new Uint8Array())).toThrow(RangeError);
  });

  it('reads an SPS without frame rate and reordering when its VUI ends early', () => {
    expect(parseSps(bytes(encoded.high[0]).subarray(0, -4))).toMatchObject({ widthPx: 1920, heightPx: 1080, frameRate: undefined, reorderFrames: undefined });
  });

  it('throws no other error than a RangeError for random bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (tail) => void tryRead(() => parseSps(Uint8Array.of(0x67, ...tail)))), { numRuns: 2000 });
  });
});
