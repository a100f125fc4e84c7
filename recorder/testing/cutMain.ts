import { expect } from 'vitest';
import type { EncodedFrame, TrackFormat } from '#engine/media';
import type { CompleteSegment } from '../hls/segmenting/CompleteSegment.ts';
import { GroupSegmenter } from '../hls/segmenting/GroupSegmenter.ts';
import type { Resume } from '../hls/segmenting/GroupSegmenter.ts';
import { timescaleOf } from '../hls/fmp4/initSegment.ts';

export type MainTrack = 'main-video' | 'main-audio';
export interface Run {
  track: MainTrack;
  format: TrackFormat;
  frames: EncodedFrame[];
  isNewSource?: boolean;
}

export function cutMain(runs: readonly Run[], options: { isFinished?: boolean; resume?: Resume } = {}) {
  const cuts: CompleteSegment[] = [];
  let epochs = [...(options.resume?.epochs ?? [{ epoch: 0, startMs: 0 }])];
  const cutter = new GroupSegmenter({
    tracks: ['main-video', 'main-audio'],
    zeroUs: 0,
    targetSegmentMs: 2000,
    ...(options.resume ? { resume: options.resume } : {}),
    onSegment: (cut) => cuts.push(cut),
    onEpochs: (starts) => {
      epochs = [...starts];
    },
  });
  for (const { run, frame, isFirst } of inOrderOfArrival(runs)) {
    if (isFirst) cutter.format(run.track, run.format, run.isNewSource ?? true);
    cutter.frame(run.track, frame);
  }
  if (options.isFinished ?? true) cutter.finish();
  const of = (track: MainTrack) => cuts.filter((cut) => cut.track === track).map(inMs);
  return { cuts, epochs, cutter, video: of('main-video'), audio: of('main-audio') };
}

/** A run comes after the one before it of its track: what an encoder that takes over hands in may be older than what is there. */
function inOrderOfArrival(runs: readonly Run[]) {
  const latestUs: Record<MainTrack, number> = { 'main-video': 0, 'main-audio': 0 };
  const events = runs.flatMap((run) =>
    run.frames.map((frame, index) => {
      latestUs[run.track] = Math.max(latestUs[run.track], frame.decodeTimeUs);
      return { run, frame, isFirst: index === 0, arrivalUs: latestUs[run.track] };
    }),
  );
  return events.sort((a, b) => a.arrivalUs - b.arrivalUs);
}

export function inMs(cut: CompleteSegment) {
  const perMs = timescaleOf(cut.format) / 1000;
  return { ...cut, startMs: cut.startTicks / perMs, endMs: (cut.startTicks + cut.durationTicks) / perMs };
}

export function expectWithoutHoles(cuts: readonly { startMs: number; endMs: number }[]): void {
  for (const [index, cut] of cuts.entries()) {
    const previousEnd = cuts[index - 1]?.endMs ?? 0;
    expect(cut.startMs - previousEnd).toBeGreaterThan(-0.001);
    expect(cut.startMs - previousEnd).toBeLessThan(45);
  }
}
