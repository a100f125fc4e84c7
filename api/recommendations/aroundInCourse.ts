import type { VideoId } from '#engine/contract';
import { inCourseOrder } from '../contract/index.ts';

interface Placed {
  id: VideoId;
  position: number | null;
  recordedAt: string;
}

/** The videos of a course that come after one, in its order, and those before it, the nearest first. */
export function aroundInCourse<V extends Placed>(videos: readonly V[], videoId: VideoId): { after: V[]; before: V[] } {
  const ordered = inCourseOrder(videos);
  const index = ordered.findIndex(({ id }) => id === videoId);
  return index < 0 ? { after: [], before: [] } : { after: ordered.slice(index + 1), before: ordered.slice(0, index).reverse() };
}
