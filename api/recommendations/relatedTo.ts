import type { VideoId } from '#engine/contract';
import type { CatalogVideo } from '../content/VideoCatalog.ts';
import { maxRecommendations } from '../contract/index.ts';
import { aroundInCourse } from './aroundInCourse.ts';
import type { CoWatchedShares } from './CoWatched.ts';
import { weights } from './limits.ts';
import type { Candidate } from './rankCandidates.ts';

export interface RelatedFacts {
  /** The videos of the same course. */
  course: readonly CatalogVideo[];
  /** Videos of any course that share a tag. */
  tagged: readonly CatalogVideo[];
  watched: CoWatchedShares;
}

/** What speaks for each video beside one; the video itself is not among them. */
export function relatedTo(seed: CatalogVideo, { course, tagged, watched }: RelatedFacts): Candidate[] {
  return [...byTags(seed, tagged), ...byWatching(seed, watched), ...byPlace(seed, course)].filter(({ videoId }) => videoId !== seed.id);
}

function byTags(seed: CatalogVideo, tagged: readonly CatalogVideo[]): Candidate[] {
  return tagged.flatMap(({ id, tags }) => {
    const shared = seed.tags.filter((tag) => tags.includes(tag));
    return shared.length === 0 ? [] : [{ videoId: id, score: (weights.tags * shared.length) / seed.tags.length, reason: { kind: 'tags', tags: shared } }];
  });
}

function byWatching({ title }: CatalogVideo, watched: CoWatchedShares): Candidate[] {
  return [...watched].map(([videoId, share]: [VideoId, number]) => ({ videoId, score: weights.watched * share, reason: { kind: 'watched', afterTitle: title } }));
}

/** What follows counts more than what came before, and the near more than the far. */
function byPlace(seed: CatalogVideo, course: readonly CatalogVideo[]): Candidate[] {
  const { after, before } = aroundInCourse(course, seed.id);
  const near = [...after.slice(0, maxRecommendations), ...before.slice(0, maxRecommendations)];
  return near.map(({ id }, index) => ({ videoId: id, score: weights.course / (index + 1), reason: { kind: 'course' } }));
}
