import type { SegmentRow } from '../journal/rows.ts';

type Candidate = Pick<SegmentRow, 'track' | 'sequence' | 'epoch' | 'startMs' | 'durationMs' | 'isIndependent' | 'isFiller' | 'state'>;

/** Late enough that the lecture has begun, early enough to show its beginning. */
const posterAt = 0.1;

/** The segment for the poster: the first after a tenth of the lecture in which a decoder can start. */
export function choosePosterSegment<S extends Candidate>(segments: readonly S[]): S | undefined {
  for (const track of ['main-video', 'screen-video'] as const) {
    const usable = segments
      .filter((segment) => segment.track === track && segment.isIndependent && !segment.isFiller && segment.state !== 'lost')
      .sort((a, b) => a.startMs - b.startMs);
    const first = usable[0];
    const last = usable.at(-1);
    if (!first || !last) continue;
    const wantedMs = first.startMs + posterAt * (last.startMs + last.durationMs - first.startMs);
    return usable.find((segment) => segment.startMs + segment.durationMs > wantedMs) ?? last;
  }
  return undefined;
}
