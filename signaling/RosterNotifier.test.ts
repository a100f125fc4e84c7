import { beforeEach, describe, expect, it } from 'vitest';
import { ParticipantId, UserId } from '#engine/contract';
import type { Participant } from '#engine/contract';
import { ManualClock } from '#engine/testing';
import { Connection } from './Connection.ts';
import { rosterFlushDelayMs } from './limits.ts';
import { RosterNotifier } from './RosterNotifier.ts';

let clock: ManualClock;
let members: Map<ParticipantId, Connection>;
let notifier: RosterNotifier;
let sent: string[];

beforeEach(() => {
  clock = new ManualClock();
  members = new Map();
  notifier = new RosterNotifier(clock, members);
  sent = [];
});

const idOf = (name: string) => ParticipantId.parse(`prt_${name.padEnd(20, '0')}`);

function join(name: string, isAnnounced = true): void {
  const participant: Participant = {
    id: idOf(name), userId: UserId.parse(`usr_${name.padEnd(20, '0')}`), displayName: name, kind: 'viewer', role: 'student', joinedAtMs: 0, isHandRaised: false, handRaisedAtMs: null, isChatMuted: false,
  };
  const connection = new Connection((event, data) => {
    const subject = 'participant' in data ? data.participant.displayName : 'participantId' in data ? data.participantId.slice(4, 7) : '?';
    sent.push(`${name}: ${event} ${subject}`);
  });
  members.set(participant.id, connection);
  notifier.joined(participant, connection, isAnnounced);
}

function leave(name: string): void {
  members.delete(idOf(name));
  notifier.left(idOf(name));
}

describe('RosterNotifier', () => {
  it('announces everyone who joins to those who were there, collected', () => {
    join('ada');
    join('ben');
    join('cyd');
    expect(sent).toEqual([]);
    clock.advance(rosterFlushDelayMs);
    expect(sent).toEqual(['ada: participant.joined ben', 'ada: participant.joined cyd', 'ben: participant.joined cyd']);
  });

  it('does not announce who joined and left meanwhile, except to those who have them in their snapshot', () => {
    join('ada');
    join('ben');
    join('cyd');
    leave('ben');
    join('dan');
    clock.advance(rosterFlushDelayMs);
    expect(sent).toEqual(['ada: participant.joined cyd', 'ada: participant.joined dan', 'cyd: participant.left ben', 'cyd: participant.joined dan']);
  });

  it('announces who leaves, but not to those who join later', () => {
    join('ada');
    join('ben');
    clock.advance(rosterFlushDelayMs);
    sent.length = 0;
    leave('ben');
    join('cyd');
    clock.advance(rosterFlushDelayMs);
    expect(sent).toEqual(['ada: participant.left ben', 'ada: participant.joined cyd']);
  });

  it('sends at once when it is flushed', () => {
    join('ada');
    join('ben');
    notifier.flush();
    expect(sent).toEqual(['ada: participant.joined ben']);
    clock.advance(1000);
    expect(sent).toHaveLength(1);
  });

  it('does not announce people in a room that is too full to list', () => {
    join('ada');
    join('ben', false);
    clock.advance(rosterFlushDelayMs);
    expect(sent).toEqual([]);
  });
});
