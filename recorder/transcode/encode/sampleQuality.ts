import { stat, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Rung } from '../ladder/ladder.ts';
import { sampledRungs } from '../ladder/quality.ts';
import type { SampledRung } from '../ladder/quality.ts';
import { minProbedSeconds, minWorkSeconds, sampleCrfs, samplePositions, sampleSeconds, workFactor } from '../limits.ts';
import { perSecond } from '../probe/frameRates.ts';
import type { MediaTools } from '../tools/MediaTools.ts';
import { ToolFailure } from '../tools/MediaTools.ts';
import { partArgs, rungFile } from './partArgs.ts';
import type { PartEncode, VideoPiece } from './partArgs.ts';

export interface SampleOptions {
  tools: MediaTools;
  folder: string;
  durationSeconds: number;
  /** The frames of a short range, from the start of this frame on. */
  piecesAt: (firstFrame: number, frameCount: number) => Promise<VideoPiece[]>;
  part: Pick<PartEncode, 'rate' | 'keyframeFrames' | 'threads' | 'support'>;
  signal?: AbortSignal | undefined;
}

/** Encodes a few short ranges at two constant qualities, and returns the bitrates. None for short videos. */
export async function sampleQuality(ladder: readonly Rung[], options: SampleOptions): Promise<SampledRung[]> {
  const { durationSeconds, part } = options;
  if (durationSeconds < minProbedSeconds) return [];
  const rungs = sampledRungs(ladder);
  const frameCount = Math.round(sampleSeconds * perSecond(part.rate));
  const sums = rungs.map((): [number, number] => [0, 0]);
  for (const position of samplePositions) {
    const firstFrame = Math.floor(position * (durationSeconds - sampleSeconds) * perSecond(part.rate));
    const pieces = await options.piecesAt(firstFrame, frameCount);
    for (const [quality, crf] of sampleCrfs.entries()) {
      const sizes = await encodedBytes({ ...part, pieces, rungs: rungs.map((rung) => ({ rung, quality: { crf, maxBps: unboundedBps, bufferBits: unboundedBps } })) }, options);
      for (const [index, bytes] of sizes.entries()) (sums[index] as [number, number])[quality as 0 | 1] += bytes;
    }
  }
  const seconds = (samplePositions.length * frameCount) / perSecond(part.rate);
  return rungs.map((rung, index) => ({ rung, bps: (sums[index] as [number, number]).map((bytes) => (bytes * 8) / seconds) as [number, number] }));
}

/** More than any sample takes: the bitrate shows what the quality costs. */
const unboundedBps = 200_000_000;

async function encodedBytes(part: PartEncode, { tools, folder, signal }: SampleOptions): Promise<number[]> {
  const files = part.rungs.map(({ rung }) => path.join(folder, rungFile(rung)));
  try {
    await tools.run({ program: 'ffmpeg', args: partArgs(part), cwd: folder, limitSeconds: minWorkSeconds + sampleSeconds * workFactor, maxFileBytes: 2 ** 30, signal });
    return await Promise.all(files.map(async (file) => (await stat(file)).size));
  } catch (err) {
    // A damaged place is no sample.
    if (err instanceof ToolFailure && !err.isTimeout) return files.map(() => 0);
    throw err;
  } finally {
    for (const file of files) await rm(file, { force: true });
  }
}
