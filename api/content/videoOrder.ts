import type { CatalogVideo } from './VideoCatalog.ts';

type Placed = Pick<CatalogVideo, 'position' | 'recordedAt'>;

/** A text by which the videos of a course are sorted: those with a position first, by it; the others by date, the newest first. */
export function placeInCourse({ position, recordedAt }: Placed): string {
  if (position !== null) return `a${String(position).padStart(8, '0')}`;
  return `b${String(maxInstantMs - Date.parse(recordedAt)).padStart(16, '0')}`;
}

/** The end of ECMAScript time. */
const maxInstantMs = 8.64e15;
