import { expect, it } from 'vitest';
import type { VideoMoment } from '#api/contract';
import { momentToAsk } from './momentToAsk.ts';

const moment = (id: string, atSeconds: number, more: Partial<VideoMoment> = {}): VideoMoment => ({ id, quizId: 'q', quizTitle: 'Quiz', atSeconds, questionIds: [], isRequired: false, isRepeated: false, isAnswered: false, ...more });
const ask = (moments: readonly VideoMoment[], from: number, to: number) => momentToAsk(moments, { from, to, done: new Set() })?.id;

it('A question is asked when its second is played', () => {
  const moments = [moment('b', 10.2), moment('a', 10)];
  expect([ask(moments, 9.8, 9.99), ask(moments, 9.8, 10.3), ask(moments, 10, 10.3), ask(moments, 10.3, 10.5)]).toEqual([undefined, 'a', 'b', undefined]);
  expect(momentToAsk(moments, { from: 9.8, to: 10.1, done: new Set(['a']) })).toBeUndefined();
});

it('An answered question is asked again only if it is repeated', () => {
  expect(ask([moment('a', 10, { isAnswered: true })], 9.8, 10.1)).toBeUndefined();
  expect(ask([moment('a', 10, { isAnswered: true, isRepeated: true })], 9.8, 10.1)).toBe('a');
});

it('A jump passes what may be skipped and stops at what is required', () => {
  const moments = [moment('a', 10), moment('b', 20, { isRequired: true }), moment('c', 30, { isRequired: true, isRepeated: true, isAnswered: true })];
  expect([ask(moments, 0, 15), ask(moments, 0, 60), ask(moments, 25, 60), ask(moments, 60, 5)]).toEqual([undefined, 'b', undefined, undefined]);
});
