import type { VideoView } from '#api/contract';
import { api } from '../../app/services.ts';
import { useLoaded } from '../../app/useLoaded.ts';

/** The videos of a course that can be watched; undefined until they are loaded. */
export function useCourseVideos(courseId: string): readonly VideoView[] | undefined {
  const { data } = useLoaded((signal) => api.listVideos({ params: { courseId } }, { signal }), [courseId]);
  return data?.videos.filter(({ state }) => state === 'ready' || state === 'live');
}
