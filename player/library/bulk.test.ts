import { expect, it } from 'vitest';
import { outcomeSentence, placeAfter } from './bulk.ts';

it('says what was done, and for some videos why it was not', () => {
  expect(outcomeSentence({ kind: 'delete' }, { done: ['a', 'b'], failed: [] })).toBe('2 videos deleted.');
  expect(outcomeSentence({ kind: 'transcode' }, { done: ['a'], failed: [] })).toBe('1 video is processed again.');
  const partly = outcomeSentence({ kind: 'visibility', visibility: 'public' }, { done: ['a'], failed: [{ videoId: 'b', code: 'video.notFound', message: 'gone' }] });
  expect(partly).toMatch(/^1 video done, 1 not: This recording doesn’t exist/);
});

it('moves a video inside its list only', () => {
  const at = (index: number) => ({ index, count: 4 });
  expect([placeAfter('up', at(2)), placeAfter('down', at(2)), placeAfter('first', at(2)), placeAfter('last', at(2))]).toEqual([1, 3, 0, 3]);
  expect([placeAfter('up', at(0)), placeAfter('first', at(0)), placeAfter('down', at(3)), placeAfter('last', at(3))]).toEqual([undefined, undefined, undefined, undefined]);
});
