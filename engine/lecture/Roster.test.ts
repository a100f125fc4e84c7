import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { UserId } from '../contract/index.ts';
import type { Participant } from '../contract/index.ts';
import { newId } from '../kernel/newId.ts';
import { Roster } from './Roster.ts';

const users = Array.from({ length: 4 }, () => UserId.parse(newId('usr')));

/** What the order says, in the plainest way. */
function inOrder(participants: readonly Participant[]): Participant[] {
  const rank = ({ kind, isHandRaised }: Participant) => (kind === 'presenter' ? 0 : isHandRaised ? 1 : 2);
  return participants.toSorted((a, b) => rank(a) - rank(b) || a.joinedAtMs - b.joinedAtMs);
}

const step = fc.oneof(
  fc.record({ type: fc.constant('add' as const), user: fc.nat(3), kind: fc.constantFrom('presenter', 'viewer', 'viewer', 'viewer') }),
  fc.record({ type: fc.constantFrom('remove' as const, 'raise' as const, 'lower' as const), at: fc.nat(20) }),
);

it('lists people in order and in pages, and knows those of each user, whatever happened', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.nat(6), fc.integer({ min: 1, max: 6 }), (...[steps, offset, limit]) => {
      const roster = new Roster();
      let known: Participant[] = [];
      for (const [index, one] of steps.entries()) {
        if (one.type === 'add') {
          known.push(roster.add({ userId: users[one.user]!, displayName: 'Sam', kind: one.kind, role: 'student' }, index, false));
          continue;
        }
        const target = known[one.at % Math.max(1, known.length)];
        if (!target) continue;
        if (one.type === 'remove') {
          roster.remove(target.id);
          known = known.filter(({ id }) => id !== target.id);
        } else {
          const changed = roster.update(target.id, { isHandRaised: one.type === 'raise' });
          known = known.map((participant) => (participant.id === target.id ? changed : participant));
        }
      }
      const expected = inOrder(known);
      expect(roster.people()).toEqual(expected);
      expect(roster.people(offset, limit)).toEqual(expected.slice(offset, offset + limit));
      expect(roster.peopleCount).toBe(new Set(expected.map(({ userId }) => userId)).size);
      expect(roster.hasPresenter).toBe(known.some(({ kind }) => kind === 'presenter'));
      for (const user of users) expect(roster.ofUser(user)).toEqual(known.filter(({ userId }) => userId === user));
    }),
  );
});

it('looks at no more people than it lists, however many there are', () => {
  const roster = new Roster();
  let looks = 0;
  for (let index = 0; index < 1000; index += 1) {
    const participant = roster.add({ userId: users[0]!, displayName: 'Sam', kind: 'viewer', role: 'student' }, index, false);
    Object.defineProperty(participant, 'kind', { get: () => ((looks += 1), 'viewer') });
  }
  expect(roster.people(0, 20)).toHaveLength(20);
  expect(looks).toBeLessThanOrEqual(20);
});
