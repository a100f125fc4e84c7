import { expect, it } from 'vitest';
import { VideoId } from '#engine/contract';
import { inCourseOrder, neighboursOf } from './courseOrder.ts';

const video = (name: string, position: number | null, day: number) => ({ id: VideoId.parse(`vid_${name.repeat(20)}`), position, recordedAt: `2026-01-0${day}T10:00:00.000Z` });
const [a, b, c, d] = [video('a', null, 3), video('b', 2, 4), video('c', null, 1), video('d', 1, 9)];

it('goes by position, then by date', () => {
  expect(inCourseOrder([a, b, c, d])).toEqual([d, b, c, a]);
});

it('knows what comes before and after a video', () => {
  expect(neighboursOf([a, b, c, d], c.id)).toEqual({ previous: b, next: a });
  expect(neighboursOf([a, b, c, d], d.id)).toEqual({ previous: undefined, next: b });
  expect(neighboursOf([a, b], c.id)).toEqual({ previous: undefined, next: undefined });
});
