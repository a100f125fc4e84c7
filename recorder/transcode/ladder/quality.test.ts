import { describe, expect, it } from 'vitest';
import { bestCrf, sampleCrfs, worstCrf } from '../limits.ts';
import type { Rung } from './ladder.ts';
import { ladderOf } from './ladder.ts';
import { qualityOf, sampledRungs } from './quality.ts';

const ladder = ladderOf({ widthPx: 1920, heightPx: 1080 });
const [full, middle] = sampledRungs(ladder) as [Rung, Rung];
const low = ladder.at(-1) as Rung;
const rate = { num: 30, den: 1 };

describe('The quality of a rung', () => {
  it('is better for slides than for sports, and slides get fewer bits', () => {
    const slides = qualityOf(full, [{ rung: full, bps: [300_000, 160_000] }], rate);
    const sports = qualityOf(full, [{ rung: full, bps: [14_000_000, 7_000_000] }], rate);
    expect(slides.crf).toBe(bestCrf);
    expect(sports.crf).toBeGreaterThan(sampleCrfs[1]);
    expect(sports.crf).toBeLessThanOrEqual(worstCrf);
    expect(slides.maxBps).toBeLessThan(sports.maxBps / 3);
    expect(sports.maxBps).toBeLessThanOrEqual(9_000_000);
  });

  it('of a size that was not sampled follows from those that were', () => {
    const samples = [{ rung: full, bps: [4_000_000, 2_000_000] as const }, { rung: middle, bps: [1_000_000, 500_000] as const }];
    const bounds = ladder.map((rung) => qualityOf(rung, samples, rate).maxBps);
    expect(bounds).toEqual(bounds.toSorted((a, b) => b - a));
    expect(bounds.at(-1)).toBeLessThan(450_001);
  });

  it('has a bound without samples, and with samples that are nonsense', () => {
    for (const bps of [[0, 0], [100, 100], [1, 1e12]] as const) {
      for (const rung of [full, low]) {
        const { crf, maxBps, bufferBits } = qualityOf(rung, [{ rung: full, bps }], rate);
        expect(crf).toBeGreaterThanOrEqual(bestCrf);
        expect(crf).toBeLessThanOrEqual(worstCrf);
        expect(maxBps).toBeGreaterThan(50_000);
        expect(maxBps).toBeLessThanOrEqual(9_000_000);
        expect(bufferBits).toBeGreaterThan(maxBps);
      }
    }
    expect(qualityOf(full, [], rate)).toMatchObject({ crf: sampleCrfs[0], maxBps: 9_000_000 });
  });
});
