import type { VideoView } from './video.ts';

type Placed = Pick<VideoView, 'id' | 'position' | 'recordedAt'>;

/** The videos of a course in their order: by position, then those without one by date, the first one first. */
export function inCourseOrder<V extends Placed>(videos: readonly V[]): V[] {
  return [...videos].sort((one, other) => compared(one.position, other.position) || one.recordedAt.localeCompare(other.recordedAt));
}

/** The videos before and after one, in the order of the course. */
export function neighboursOf<V extends Placed>(videos: readonly V[], videoId: string): { previous: V | undefined; next: V | undefined } {
  const ordered = inCourseOrder(videos);
  const index = ordered.findIndex(({ id }) => id === videoId);
  return index < 0 ? { previous: undefined, next: undefined } : { previous: ordered[index - 1], next: ordered[index + 1] };
}

function compared(one: number | null, other: number | null): number {
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  return one - other;
}
