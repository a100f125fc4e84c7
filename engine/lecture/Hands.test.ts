import { beforeEach, describe, expect, it } from 'vitest';
import { UserId } from '../contract/index.ts';
import type { CourseRole, LectureEventBody } from '../contract/index.ts';
import { newId } from '../kernel/newId.ts';
import { Hands } from './Hands.ts';
import { Roster } from './Roster.ts';

describe('Hands', () => {
  let roster: Roster;
  let nowMs: number;
  let events: string[];
  let hands: Hands;

  beforeEach(() => {
    roster = new Roster();
    nowMs = 0;
    events = [];
    hands = new Hands({ roster, nowMs: () => nowMs, record: ({ type }: LectureEventBody) => events.push(type) });
  });

  const enter = (role: CourseRole = 'student') => roster.add({ userId: UserId.parse(newId('usr')), displayName: 'Noor', kind: 'viewer', role }, 0, false);

  it('remember since when they are up', () => {
    const noor = enter();
    nowMs = 9000;
    hands.set(noor.id, true, noor);
    nowMs = 12_000;
    hands.set(noor.id, true, noor);
    expect(roster.get(noor.id)).toMatchObject({ isHandRaised: true, handRaisedAtMs: 9000 });
    hands.set(noor.id, false, noor);
    expect(roster.get(noor.id)).toMatchObject({ isHandRaised: false, handRaisedAtMs: null });
    expect(events).toEqual(['hand.raised', 'hand.lowered']);
  });

  it('are all lowered by an instructor, and not by a student', () => {
    const [noor, yuki] = [enter(), enter()];
    for (const one of [noor, yuki]) hands.set(one.id, true, one);
    expect(() => hands.lowerAll(noor)).toThrow(expect.objectContaining({ code: 'access.denied' }));
    hands.lowerAll(enter('assistant'));
    expect(roster.people().some(({ isHandRaised }) => isHandRaised)).toBe(false);
    expect(events.filter((type) => type === 'hand.lowered')).toHaveLength(2);
  });
});
