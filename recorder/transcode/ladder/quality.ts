import { bestCrf, sampleCrfs, worstCrf } from '../limits.ts';
import { perSecond } from '../probe/frameRates.ts';
import type { Rate } from '../probe/SourceProfile.ts';
import { pixels } from './ladder.ts';
import type { LadderHeight, Rung } from './ladder.ts';

/** How a rung is encoded: constant quality, with a bound that its bitrate never exceeds for long. */
export interface Quality {
  crf: number;
  maxBps: number;
  /** Of the decoder that the bound is computed for (VBV), bits. */
  bufferBits: number;
}

/** Bitrates of samples of the video in one size, in bits per second, at the two qualities of `sampleCrfs`. */
export interface SampledRung {
  rung: Rung;
  bps: readonly [number, number];
}

/** The highest average bitrates at 30 frames per second: Apple's HLS authoring specification, table of H.264 variants. */
const capBps: Readonly<Record<LadderHeight, number>> = { 2160: 16_800_000, 1440: 9_700_000, 1080: 6_000_000, 720: 3_000_000, 480: 1_400_000, 360: 730_000, 240: 300_000 };
/** 60 frames cost less than twice the bits of 30: what changes between them is small. */
const fastFactor = 1.4;
/** Apple's HLS authoring specification, 1.27: the peak SHOULD be no more than 200 % of the average. */
const peakFactor = 1.8;
/** A bound below this share of the cap would show at a change of slides. */
const leastShareOfCap = 0.3;
const bufferSeconds = 1.5;

/** The quality of a rung, by samples of the same video in one or two sizes. Without samples, x264's default. */
export function qualityOf(rung: Rung, samples: readonly SampledRung[], rate: Rate): Quality {
  const cap = capBps[rung.height] * (perSecond(rate) > 33 ? fastFactor : 1);
  const bitrates = bitratesFor(rung, samples);
  if (!bitrates) return withBound(sampleCrfs[0], cap * 1.5);
  const [first, second] = bitrates;
  // Bits fall exponentially with the CRF: they halve every six steps or so.
  const slope = Math.min(-0.02, Math.log(second / first) / (sampleCrfs[1] - sampleCrfs[0]));
  const atCap = sampleCrfs[0] + Math.log(cap / first) / slope;
  const crf = Math.round(Math.min(worstCrf, Math.max(bestCrf, atCap)) * 10) / 10;
  const expectedBps = first * Math.exp(slope * (crf - sampleCrfs[0]));
  return withBound(crf, Math.min(cap * 1.5, Math.max(expectedBps * peakFactor, cap * leastShareOfCap)));
}

function withBound(crf: number, maxBps: number): Quality {
  const rounded = Math.ceil(maxBps / 1000) * 1000;
  return { crf, maxBps: rounded, bufferBits: Math.round(rounded * bufferSeconds) };
}

/** Between two measured sizes, bitrates follow a power of the number of pixels. */
function bitratesFor(rung: Rung, samples: readonly SampledRung[]): [number, number] | undefined {
  const measured = samples.filter(({ bps }) => bps.every((value) => value > 0)).toSorted((a, b) => pixels(b.rung) - pixels(a.rung));
  const [large, small] = [measured[0], measured.at(-1)];
  if (!large || !small) return undefined;
  const usualExponent = 0.75;
  const exponentOf = (index: 0 | 1) => (large === small ? usualExponent : Math.log(large.bps[index] / small.bps[index]) / Math.log(pixels(large.rung) / pixels(small.rung)));
  const at = (index: 0 | 1) => large.bps[index] * (pixels(rung) / pixels(large.rung)) ** Math.min(1.2, Math.max(0.3, exponentOf(index)));
  return [at(0), at(1)];
}

/** The rungs that are sampled: the largest, and one in the middle. */
export function sampledRungs(ladder: readonly Rung[]): Rung[] {
  const middle = ladder[Math.floor(ladder.length / 2)];
  return ladder.slice(0, 1).concat(ladder.length > 2 && middle ? [middle] : []);
}
