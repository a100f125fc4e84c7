import { describe, expect, it } from 'vitest';
import { browserObstacle } from './browserObstacle.ts';
import { parseSps } from './parseSps.ts';

/** Sequence parameter sets written by x264. */
const encoded = {
  '8-bit 4:2:0': ['67640028acd940780227e5c044000003000400000300f03c60c658', undefined],
  baseline: ['6742c01ed900a02ff970110000030001000003003c0f162e48', undefined],
  '4:4:4': ['67f4000d919b282a10f1f1f80880000003008000001e078a14cb', 'chroma'],
  interlaced: ['67640028acd94078044fde0220000003002000000643e2c5b2c0', 'interlaced'],
} as const;

describe('browserObstacle', () => {
  it.each(Object.entries(encoded))('reads from the SPS of x264 what browsers cannot play: %s', (_, [sps, obstacle]) => {
    expect(browserObstacle(parseSps(Uint8Array.from(Buffer.from(sps, 'hex'))))).toBe(obstacle);
  });

  const high = { profileIdc: 100, chromaFormatIdc: 1, bitDepthLuma: 8, bitDepthChroma: 8, isInterlaced: false };
  it.each([
    ['4:2:2', { profileIdc: 122, chromaFormatIdc: 2 }, 'chroma'],
    ['monochrome', { chromaFormatIdc: 0 }, 'chroma'],
    ['10 bits per sample', { profileIdc: 110, bitDepthLuma: 10, bitDepthChroma: 10 }, 'bitDepth'],
    ['interlaced', { isInterlaced: true }, 'interlaced'],
    ['the Extended profile', { profileIdc: 88 }, 'profile'],
    ['8-bit 4:2:0, progressive', {}, undefined],
  ] as const)('names the obstacle of %s', (_, changed, obstacle) => {
    expect(browserObstacle({ ...high, ...changed })).toBe(obstacle);
  });
});
