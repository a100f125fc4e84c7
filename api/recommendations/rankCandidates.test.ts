import { expect, it } from 'vitest';
import { rankCandidates } from './rankCandidates.ts';

const course = { kind: 'course' } as const;
const tags = { kind: 'tags', tags: ['optics'] } as const;

it('adds what every source says of a video, and names the source that counts most', () => {
  const ranked = rankCandidates([
    { videoId: 'a', score: 1, reason: course },
    { videoId: 'b', score: 3, reason: { kind: 'watched', afterTitle: 'Waves' } },
    { videoId: 'a', score: 2.5, reason: { ...tags, tags: ['optics'] } },
    { videoId: 'b', score: 0.25, reason: course },
  ]);
  expect(ranked).toEqual([
    { videoId: 'a', score: 3.5, reason: tags },
    { videoId: 'b', score: 3.25, reason: { kind: 'watched', afterTitle: 'Waves' } },
  ]);
});

it('keeps the order of videos that score the same', () => {
  const ranked = rankCandidates(['c', 'a', 'b'].map((videoId) => ({ videoId, score: 1, reason: course })));
  expect(ranked.map(({ videoId }) => videoId)).toEqual(['c', 'a', 'b']);
});
