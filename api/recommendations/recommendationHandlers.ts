import type { Caller, Handlers } from '../access/index.ts';
import type { VideoViews } from '../content/VideoViews.ts';
import type { recommendationRoutes } from '../contract/index.ts';
import type { Recommendations, RecommendedVideo } from './Recommendations.ts';

export function recommendationHandlers({ recommendations, views }: { recommendations: Recommendations; views: VideoViews }): Handlers<keyof typeof recommendationRoutes> {
  const shown = ({ userId, loginId }: Caller, videos: readonly RecommendedVideo[]) => ({
    videos: videos.map(({ video, courseTitle, reason }) => ({ video: views.view(video, { userId, loginId, courseTitle }), reason })),
  });
  return {
    listRelated: async ({ caller, params }) => shown(caller, await recommendations.related(caller, params.videoId)),
    listRecommendations: async ({ caller }) => shown(caller, await recommendations.ofHome(caller)),
  };
}
