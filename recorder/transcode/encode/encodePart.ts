import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { perSecond } from '../probe/frameRates.ts';
import type { MediaTools } from '../tools/MediaTools.ts';
import { ToolFailure } from '../tools/MediaTools.ts';
import { keyframesPerSegment, minWorkSeconds, workFactor } from '../limits.ts';
import { packageParts } from './packageParts.ts';
import type { PackagedPart } from './packageParts.ts';
import { partArgs, rungFile } from './partArgs.ts';
import type { EncodedRung, PartEncode } from './partArgs.ts';
import { ticksOfFrame } from './videoArgs.ts';

export interface PartEncodeOptions {
  tools: MediaTools;
  folder: string;
  signal?: AbortSignal | undefined;
  /** Called with each size of the part, one after the other. The file is removed afterwards. */
  onPart: (rung: EncodedRung, part: PackagedPart) => Promise<void>;
  onProgress?: (share: number) => void;
}

export interface PartResult {
  /** The source could not be decoded here, so the part is black. */
  isBlack: boolean;
}

/** Encodes the frames of one part in all sizes. Each size has exactly the wanted number of frames, also if the source is damaged. */
export async function encodePart(part: PartEncode, options: PartEncodeOptions): Promise<PartResult> {
  const frameCount = part.pieces.reduce((sum, piece) => sum + piece.frameCount, 0);
  if (await isEncoded(part, frameCount, options)) return { isBlack: false };
  const black = { ...part, pieces: [{ firstFrame: part.pieces[0]?.firstFrame ?? 0, frameCount, input: undefined }] };
  if (!(await isEncoded(black, frameCount, options))) throw new Error('ffmpeg did not write the frames of a part');
  return { isBlack: true };
}

async function isEncoded(part: PartEncode, frameCount: number, options: PartEncodeOptions): Promise<boolean> {
  const { folder, signal } = options;
  const hasInput = part.pieces.some(({ input }) => input !== undefined);
  const seconds = frameCount / perSecond(part.rate);
  const limitSeconds = minWorkSeconds + seconds * workFactor;
  const maxFileBytes = part.rungs.reduce((most, { quality }) => Math.max(most, quality.maxBps), 0) * (seconds + 10);
  try {
    await run({ program: 'ffmpeg', args: ['-progress', 'pipe:1', '-stats_period', '1', ...partArgs(part)], cwd: folder, limitSeconds, maxFileBytes, signal }, { ...options, frameCount });
  } catch (err) {
    // Of a damaged source, nothing may be decodable here.
    if (err instanceof ToolFailure && !err.isTimeout && hasInput) return false;
    throw err;
  }
  const startTicks = (part.pieces[0]?.firstFrame ?? 0) * ticksOfFrame(part.rate);
  for (const rung of part.rungs) {
    if (!(await isPackaged(rung, { part, frameCount, startTicks }, options)) && hasInput) return false;
  }
  return true;
}

/** False if the file has other frames than it should have. */
async function isPackaged(rung: EncodedRung, { part, frameCount, startTicks }: { part: PartEncode; frameCount: number; startTicks: number }, { folder, onPart }: PartEncodeOptions): Promise<boolean> {
  const output = path.join(folder, rungFile(rung.rung));
  const segmentSeconds = (part.keyframeFrames * keyframesPerSegment) / perSecond(part.rate);
  const onlyWhole = async (packaged: PackagedPart) => {
    if (packaged.sampleCount === frameCount) await onPart(rung, packaged);
  };
  const packaged = await packageParts(createReadStream(output), { file: `${output}.part`, startTicks: () => startTicks, segmentSeconds, isVideo: true, onPart: onlyWhole });
  await rm(output);
  return packaged.sampleCount === frameCount;
}

async function run(what: Parameters<MediaTools['start']>[0], { tools, frameCount, onProgress }: PartEncodeOptions & { frameCount: number }): Promise<void> {
  const tool = await tools.start(what);
  tool.stdin.end();
  tool.stdout.setEncoding('utf8');
  tool.stdout.on('data', (text: string) => {
    const frame = Number(/(?:^|\n)frame=\s*(\d+)/.exec(text)?.[1]);
    if (Number.isFinite(frame)) onProgress?.(Math.min(1, frame / frameCount));
  });
  await tool.done;
}
