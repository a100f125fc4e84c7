import { CodedError } from '#engine/contract';
import { fromInstant } from '#engine/kernel';
import { describeMoment } from './localTime.ts';

/** The plan of a lecture. */
export interface Planned {
  /** Undefined for one that is not stored yet. */
  _id?: string;
  title: string;
  scheduledAt: string | null;
  durationMinutes: number | null;
}

const minuteMs = 60_000;

/** How many overlaps a sentence names. */
const maxNamed = 3;

function spanOf({ scheduledAt, durationMinutes }: Planned): { startMs: number; endMs: number } | undefined {
  if (scheduledAt === null) return undefined;
  const startMs = fromInstant(scheduledAt);
  // Without a planned duration, only its start counts.
  return { startMs, endMs: startMs + Math.max(1, (durationMinutes ?? 0) * minuteMs) };
}

export interface Overlap<L extends Planned> {
  lecture: L;
  other: Planned;
}

/** The lectures of `changed` that are planned at the same time as one of `others` or as an earlier one of `changed`. */
export function findOverlaps<L extends Planned>(changed: readonly L[], others: readonly Planned[]): Overlap<L>[] {
  const found: Overlap<L>[] = [];
  const before: Planned[] = [...others];
  for (const lecture of changed) {
    const own = spanOf(lecture);
    const other = own && before.find((each) => {
      const span = each._id !== undefined && each._id === lecture._id ? undefined : spanOf(each);
      return span !== undefined && span.startMs < own.endMs && own.startMs < span.endMs;
    });
    if (other) found.push({ lecture, other });
    before.push(lecture);
  }
  return found;
}

/** @throws CodedError `lecture.overlapping` with the first overlaps in its sentence */
export function refuseOverlaps(overlaps: readonly Overlap<Planned>[], timeZone: string): void {
  if (overlaps.length === 0) return;
  const named = overlaps.slice(0, maxNamed).map(({ other }) => `“${other.title}” on ${describeMoment(fromInstant(other.scheduledAt ?? ''), timeZone)}`);
  const rest = overlaps.length - named.length;
  const list = `${named.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`;
  throw new CodedError('lecture.overlapping', `This course already has a lecture at that time: ${list}. Choose another time, or skip these dates.`, {
    details: { lectureIds: overlaps.flatMap(({ other }) => other._id ?? []).slice(0, maxNamed) },
  });
}
