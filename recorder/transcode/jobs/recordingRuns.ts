import type { SegmentRow } from '../../journal/rows.ts';
import { perSecond } from '../probe/frameRates.ts';
import type { Rate } from '../probe/SourceProfile.ts';

export type RecordedSegmentRow = Pick<SegmentRow, 'track' | 'sequence' | 'epoch' | 'startMs' | 'durationMs' | 'isIndependent' | 'state'>;

/** Segments of one epoch that follow one another. */
export interface SegmentRun<S> {
  segments: S[];
  startMs: number;
  endMs: number;
}

/** Where a range comes from: the segments to decode, or nothing. Units are frames or samples of the timeline. */
export interface RangePiece<S> {
  first: number;
  count: number;
  segments: S[] | undefined;
}

/** The playlist lengthens the entry before a shorter gap, so it is none here either. */
const maxGapMs = 100;

/** The runs of a track, in the order of time. Lost segments end a run. */
export function runsOf<S extends RecordedSegmentRow>(segments: readonly S[]): SegmentRun<S>[] {
  const runs: SegmentRun<S>[] = [];
  const usable = segments.filter(({ state }) => state !== 'lost').sort((a, b) => a.startMs - b.startMs);
  for (const segment of usable) {
    const last = runs.at(-1);
    const endMs = segment.startMs + segment.durationMs;
    const follows = last && last.segments.at(-1)?.epoch === segment.epoch && segment.startMs - last.endMs <= maxGapMs;
    if (follows) {
      last.segments.push(segment);
      last.endMs = Math.max(last.endMs, endMs);
    } else runs.push({ segments: [segment], startMs: Math.max(segment.startMs, last?.endMs ?? 0), endMs });
  }
  return runs;
}

/** Divides a range of the timeline into what the runs have, and holes. The pieces cover the range exactly. */
export function piecesOf<S extends RecordedSegmentRow>(runs: readonly SegmentRun<S>[], { first, count, rate }: { first: number; count: number; rate: Rate }): RangePiece<S>[] {
  const at = (ms: number) => Math.round((ms / 1000) * perSecond(rate));
  const end = first + count;
  const pieces: RangePiece<S>[] = [];
  let next = first;
  for (const run of runs) {
    const [from, to] = [Math.max(next, at(run.startMs)), Math.min(end, at(run.endMs))];
    if (to <= from) continue;
    if (from > next) pieces.push({ first: next, count: from - next, segments: undefined });
    pieces.push({ first: from, count: to - from, segments: neededFor(run, (from / perSecond(rate)) * 1000, (to / perSecond(rate)) * 1000) });
    next = to;
  }
  if (next < end) pieces.push({ first: next, count: end - next, segments: undefined });
  return pieces;
}

/** The segments of a time range, and those before it from which a decoder can start. */
function neededFor<S extends RecordedSegmentRow>({ segments }: SegmentRun<S>, fromMs: number, toMs: number): S[] {
  const firstShown = Math.max(0, segments.findLastIndex(({ startMs }) => startMs <= fromMs));
  const start = Math.max(0, segments.findLastIndex(({ isIndependent }, index) => isIndependent && index <= firstShown));
  return segments.filter(({ startMs }, index) => index >= start && startMs < toMs);
}
