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
  /** The source does not end with its last frame. */
  staysPublished?: boolean;
  /** When a frame arrives, µs of the lecture's clock; at its decode time if left out. */
  arrivalUs?: (frame: EncodedFrame) => number;
}

export interface SegmentRunsOptions {
  isFinished?: boolean;
  resume?: Resume;
  /** When the source of a track is paused. */
  absentAtMs?: Partial<Record<MainTrack, number>>;
}

export function segmentRuns(runs: readonly Run[], options: SegmentRunsOptions = {}) {
  const segments: CompleteSegment[] = [];
  let epochs = [...(options.resume?.epochs ?? [{ epoch: 0, startMs: 0 }])];
  const segmenter = new GroupSegmenter({
    tracks: ['main-video', 'main-audio'],
    zeroUs: 0,
    targetSegmentMs: 2000,
    ...(options.resume ? { resume: options.resume } : {}),
    onSegment: (segment) => segments.push(segment),
    onEpochs: (starts) => {
      epochs = [...starts];
    },
  });
  feed(segmenter, runs, Object.entries(options.absentAtMs ?? {}) as [MainTrack, number][]);
  if (options.isFinished ?? true) segmenter.finish();
  const of = (track: MainTrack) => segments.filter((segment) => segment.track === track).map(inMs);
  return { segments, epochs, segmenter, video: of('main-video'), audio: of('main-audio') };
}

function feed(segmenter: GroupSegmenter, runs: readonly Run[], pauses: readonly [MainTrack, number][]): void {
  for (const { run, frame, isFirst, isLast } of inOrderOfArrival(runs)) {
    if (isFirst) segmenter.format(run.track, run.format, run.isNewSource ?? true);
    segmenter.frame(run.track, frame);
    for (const [track, atMs] of pauses) if (frame.decodeTimeUs >= atMs * 1000) segmenter.absent(track);
    if (isLast && !run.staysPublished) segmenter.absent(run.track);
  }
}

/** Runs of a track arrive one after the other, although a run of an encoder that takes over may have older frames. */
function inOrderOfArrival(runs: readonly Run[]) {
  const latestUs: Record<MainTrack, number> = { 'main-video': 0, 'main-audio': 0 };
  const events = runs.flatMap((run) =>
    run.frames.map((frame, index) => {
      latestUs[run.track] = Math.max(latestUs[run.track], run.arrivalUs?.(frame) ?? frame.decodeTimeUs);
      return { run, frame, isFirst: index === 0, isLast: index === run.frames.length - 1, arrivalUs: latestUs[run.track] };
    }),
  );
  return events.sort((a, b) => a.arrivalUs - b.arrivalUs);
}

export function inMs(segment: CompleteSegment) {
  const perMs = timescaleOf(segment.format) / 1000;
  return { ...segment, startMs: segment.startTicks / perMs, endMs: (segment.startTicks + segment.durationTicks) / perMs };
}

export function expectNoGaps(segments: readonly { startMs: number; endMs: number }[]): void {
  for (const [index, segment] of segments.entries()) {
    const previousEnd = segments[index - 1]?.endMs ?? 0;
    expect(segment.startMs - previousEnd).toBeGreaterThan(-0.001);
    expect(segment.startMs - previousEnd).toBeLessThan(45);
  }
}
