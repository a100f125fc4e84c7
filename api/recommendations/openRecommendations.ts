import type { Clock, Database } from '#engine/kernel';
import type { VideoViews } from '../content/VideoViews.ts';
import type { WatchedStore } from '../progress/index.ts';
import { CandidateVideos } from './CandidateVideos.ts';
import { CoWatched } from './CoWatched.ts';
import { recommendationHandlers } from './recommendationHandlers.ts';
import { Recommendations } from './Recommendations.ts';
import type { RecommendationsOptions } from './Recommendations.ts';

export interface RecommendationPartsOptions extends Pick<RecommendationsOptions, 'videoCatalog' | 'progress' | 'courses' | 'policy'> {
  database: Database;
  clock: Clock;
  views: VideoViews;
  ranges: WatchedStore;
}

/** The handlers of recommendations. */
export function recommendationParts({ database, clock, views, ranges, ...options }: RecommendationPartsOptions) {
  const recommendations = new Recommendations({ ...options, candidates: new CandidateVideos({ database, clock }), coWatched: new CoWatched({ watched: ranges, clock }) });
  return recommendationHandlers({ recommendations, views });
}
