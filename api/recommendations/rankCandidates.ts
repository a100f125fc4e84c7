import type { RecommendationReason } from '../contract/index.ts';

/** A video that one source proposes. */
export interface Candidate {
  videoId: string;
  score: number;
  reason: RecommendationReason;
}

/** One proposal for each video, the highest sum of scores first; its reason is that of its highest score. Equal ones keep their order. */
export function rankCandidates(candidates: readonly Candidate[]): Candidate[] {
  const ranked = new Map<string, Candidate & { best: number }>();
  for (const { videoId, score, reason } of candidates) {
    const known = ranked.get(videoId);
    if (!known) ranked.set(videoId, { videoId, score, reason, best: score });
    else ranked.set(videoId, { videoId, score: known.score + score, ...(score > known.best ? { reason, best: score } : { reason: known.reason, best: known.best }) });
  }
  return [...ranked.values()].sort((one, other) => other.score - one.score).map(({ best: _best, ...candidate }) => candidate);
}
