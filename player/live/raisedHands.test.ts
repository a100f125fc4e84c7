import { expect, it } from 'vitest';
import type { Participant } from '#engine/contract';
import { raisedHands } from './raisedHands.ts';

it('lists raised hands, those that wait longest first', () => {
  const person = (id: string, handRaisedAtMs: number | null) => ({ id, isHandRaised: handRaisedAtMs !== null, handRaisedAtMs }) as Participant;
  const people = [person('a', 9000), person('b', null), person('c', 2000)];
  expect(raisedHands(people).map(({ id }) => id)).toEqual(['c', 'a']);
});
