import { api } from '../app/services.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { text } from '../text/index.ts';
import { RecommendedVideos } from './RecommendedVideos.tsx';

/** On the home page: what to watch next, by what the person watched lately. */
export function ForYou() {
  const { data } = useLoaded((signal) => api.listRecommendations({}, { signal }), []);
  if (!data || data.videos.length === 0) return null;
  return (
    <section class="section" aria-labelledby="for-you">
      <h2 id="for-you">{text.recommendations.forYou}</h2>
      <RecommendedVideos videos={data.videos} />
    </section>
  );
}
