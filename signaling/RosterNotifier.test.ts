import { beforeEach, describe, expect, it } from 'vitest';
import { ParticipantId, UserId } from '#engine/contract';
import type { Participant } from '#engine/contract';
import { ManualClock } from '#engine/testing';
import { Connection } from './Connection.ts';
import { rosterFlushDelayMs } from './limits.ts';
import { RosterNotifier } from './RosterNotifier.ts';

let clock: ManualClock;
let members: Map<ParticipantId, Connection>;
let news: RosterNotifier;
let heard: string[];

beforeEach(() => {
  clock = new ManualClock();
  members = new Map();
  news = new RosterNotifier(clock, members);
  heard = [];
});

const idOf = (name: string) => ParticipantId.parse(`prt_${name.padEnd(20, '0')}`);

function enter(name: string, isTold = true): void {
  const participant: Participant = {
    id: idOf(name), userId: UserId.parse(`usr_${name.padEnd(20, '0')}`), displayName: name, kind: 'viewer', role: 'student', joinedAtMs: 0, isHandRaised: false, isChatMuted: false,
  };
  const connection = new Connection((event, data) => {
    const whom = 'participant' in data ? data.participant.displayName : 'participantId' in data ? data.participantId.slice(4, 7) : '?';
    heard.push(`${name}: ${event} ${whom}`);
  });
  members.set(participant.id, connection);
  news.joined(participant, connection, isTold);
}

function leave(name: string): void {
  members.delete(idOf(name));
  news.left(idOf(name));
}

describe('the news of a roster', () => {
  it('tells everyone who was there of who came, together and a moment later', () => {
    enter('ada');
    enter('ben');
    enter('cyd');
    expect(heard).toEqual([]);
    clock.advance(rosterFlushDelayMs);
    expect(heard).toEqual(['ada: participant.joined ben', 'ada: participant.joined cyd', 'ben: participant.joined cyd']);
  });

  it('tells nobody of who came and left meanwhile, except those who saw them', () => {
    enter('ada');
    enter('ben');
    enter('cyd');
    leave('ben');
    enter('dan');
    clock.advance(rosterFlushDelayMs);
    expect(heard).toEqual(['ada: participant.joined cyd', 'ada: participant.joined dan', 'cyd: participant.left ben', 'cyd: participant.joined dan']);
  });

  it('tells of who left, but not to those who came after', () => {
    enter('ada');
    enter('ben');
    clock.advance(rosterFlushDelayMs);
    heard.length = 0;
    leave('ben');
    enter('cyd');
    clock.advance(rosterFlushDelayMs);
    expect(heard).toEqual(['ada: participant.left ben', 'ada: participant.joined cyd']);
  });

  it('tells at once when something else is about to name one of them', () => {
    enter('ada');
    enter('ben');
    news.tell();
    expect(heard).toEqual(['ada: participant.joined ben']);
    clock.advance(1000);
    expect(heard).toHaveLength(1);
  });

  it('keeps to itself who comes to a room too full to list', () => {
    enter('ada');
    enter('ben', false);
    clock.advance(rosterFlushDelayMs);
    expect(heard).toEqual([]);
  });
});
