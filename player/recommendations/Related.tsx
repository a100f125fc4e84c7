import { api } from '../app/services.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { text } from '../text/index.ts';
import { RecommendedVideos } from './RecommendedVideos.tsx';

/** Below a video: what to watch next. A failure shows nothing: the video is what the page is for. */
export function Related({ video: { id: videoId, courseId } }: { video: { id: string; courseId: string } }) {
  const { data } = useLoaded((signal) => api.listRelated({ params: { videoId } }, { signal }), [videoId]);
  if (!data || data.videos.length === 0) return null;
  return (
    <section class="related" aria-labelledby="related-videos">
      <h2 id="related-videos">{text.recommendations.related}</h2>
      <RecommendedVideos videos={data.videos} courseId={courseId} />
    </section>
  );
}
