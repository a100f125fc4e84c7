import type { RenditionGroup } from '../../contract/index.ts';
import { sampleQuality } from '../encode/sampleQuality.ts';
import { ladderOf } from '../ladder/ladder.ts';
import type { Rung, Size } from '../ladder/ladder.ts';
import { keyframeBefore, keyframeInterval, planParts } from '../ladder/parts.ts';
import { qualityOf } from '../ladder/quality.ts';
import { firstPassHeight, indexlessMarginSeconds } from '../limits.ts';
import { perSecond } from '../probe/frameRates.ts';
import type { Rate } from '../probe/SourceProfile.ts';
import type { OpenedSource } from './OpenedSource.ts';
import type { TranscoderOptions } from './TranscoderOptions.ts';
import type { VideoPass } from './transcodePlan.ts';

export interface GroupSource {
  group: RenditionGroup;
  size: Size;
  rate: Rate;
  durationSeconds: number;
  /** Of the source, on the timeline. */
  keyframes: readonly number[];
  /** A seek of ffmpeg finds a keyframe exactly. */
  isIndexed: boolean;
  source: OpenedSource;
}

export interface PlanContext {
  heights: number[] | null;
  /** Nothing can be played yet: a small size is made first. */
  isUrgent: boolean;
  folder: string;
  signal: AbortSignal;
}

/** The passes over the video of a group: the sizes, their qualities, and the parts. */
export async function planGroup(of: GroupSource, { heights, isUrgent, folder, signal }: PlanContext, { tools, support }: Pick<TranscoderOptions, 'tools' | 'support'>): Promise<VideoPass[]> {
  const { group, rate, durationSeconds, keyframes, isIndexed, source } = of;
  const ladder = ladderOf(of.size, heights ?? undefined);
  const keyframeFrames = keyframeInterval(rate);
  const decodeFrom = (firstFrame: number) => decodeFromSeconds(keyframes, firstFrame / perSecond(rate), isIndexed);
  const samples = await sampleQuality(ladder, {
    tools,
    folder,
    durationSeconds,
    piecesAt: (firstFrame, frameCount) => source.videoPieces(group, { firstFrame, frameCount, rate, decodeFromSeconds: decodeFrom(firstFrame) }),
    part: { rate, keyframeFrames, threads: tools.threads, support },
    signal,
  });
  const parts = planParts({ durationSeconds, rate, keyframes }).map(({ firstFrame, frameCount }) => ({ firstFrame, frameCount, decodeFromSeconds: decodeFrom(firstFrame) }));
  const passes = isUrgent && parts.length > 1 ? dividedLadder(ladder) : [ladder];
  return passes.map((rungs, pass) => ({ group, pass, rate, keyframeFrames, parts, rungs: rungs.map((rung) => ({ rung, quality: qualityOf(rung, samples, rate) })) }));
}

/** A size that is quickly made and good to watch, then the others. */
function dividedLadder(ladder: readonly Rung[]): Rung[][] {
  const first = ladder.find(({ height }) => height <= firstPassHeight) ?? ladder.at(-1);
  if (!first || ladder.length === 1) return [[...ladder]];
  return [[first], ladder.filter((rung) => rung !== first)];
}

function decodeFromSeconds(keyframes: readonly number[], atSeconds: number, isIndexed: boolean): number | null {
  const from = keyframeBefore(keyframes, atSeconds) - (isIndexed ? 0 : indexlessMarginSeconds);
  return from > 0 ? from : null;
}
