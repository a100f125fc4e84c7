import { describe, expect, it } from 'vitest';
import { chatBurstLimit, chatBurstWindowMs, chatHistoryLimit, maxChatTextLength, UserId } from '#engine/contract';
import type { Participant } from '#engine/contract';
import { newId } from '#engine/kernel';
import { FakeTrack, until } from '#engine/testing';
import {
  handRaiseBurst,
  handRaiseIntervalMs,
  joinTimeoutMs,
  maxInvalidRequests,
  maxPacketBytes,
  maxPagesPerUser,
  maxSlowModeMs,
  maxSubscriptions,
  mediaRequestCost,
  requestUnitBurst,
  requestUnitsPerSecond,
  rosterCountIntervalMs,
  rosterLimit,
  slowModeChoicesSeconds,
} from './contract/index.ts';
import { accepted, received, request, requestRaw, useTestRoom } from './testing/index.ts';
import type { Client } from './testing/index.ts';

// Each test fails when the server enforces another number than the one that the contract publishes.

const room = useTestRoom();
const { clock } = room;

/** A participant without a connection. */
function enter(kind: 'viewer' | 'presenter' = 'viewer'): Participant {
  const role = kind === 'viewer' ? 'student' : 'owner';
  return room.lecture.enter({ userId: UserId.parse(newId('usr')), displayName: role, kind, role });
}

async function codesOf(acks: readonly Promise<{ ok: boolean; error?: { code: string } }>[]): Promise<(string | undefined)[]> {
  return (await Promise.all(acks)).map(({ error }) => error?.code);
}

const repeat = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));
const joinTicket = (userId?: UserId) => ({ ticket: room.ticketFor('student', userId) });

describe('the chat', () => {
  it('sends the newest chatHistoryLimit messages to a joining client', async () => {
    for (let posted = 0; posted <= chatHistoryLimit; ) {
      const author = enter();
      for (let burst = 0; burst < chatBurstLimit && posted <= chatHistoryLimit; burst += 1) await room.lecture.chat.post(author, `message ${posted++}`);
    }
    const { chat } = await accepted(room.connect(), 'room.join', joinTicket());
    expect(chat).toHaveLength(chatHistoryLimit);
    expect([chat[0]?.text, chat.at(-1)?.text]).toEqual(['message 1', `message ${chatHistoryLimit}`]);
  });

  it('accepts messages of maxChatTextLength characters', async () => {
    const student = await room.join('student');
    const acks = [maxChatTextLength, maxChatTextLength + 1].map((length) => request(student, 'chat.post', { text: 'x'.repeat(length) }));
    expect(await codesOf(acks)).toEqual([undefined, 'request.invalid']);
  });

  it('accepts chatBurstLimit messages of one person in chatBurstWindowMs', async () => {
    const student = await room.join('student');
    const post = () => request(student, 'chat.post', { text: 'again' });
    const acks = repeat(chatBurstLimit + 1, post);
    expect(await codesOf(acks)).toEqual([...repeat(chatBurstLimit, () => undefined), 'request.tooFrequent']);
    expect(await acks.at(-1)).toMatchObject({ error: { retryAfterMs: chatBurstWindowMs } });
    clock.advance(chatBurstWindowMs);
    expect(await post()).toMatchObject({ ok: true });
  });

  it('has a slow mode for every choice, up to maxSlowModeMs', async () => {
    const owner = await room.join('owner');
    const set = (intervalMs: number) => request(owner, 'chat.setSlowMode', { intervalMs });
    for (const seconds of slowModeChoicesSeconds) expect(await set(seconds * 1000)).toMatchObject({ ok: true });
    expect(room.lecture.chat.slowModeMs).toBe(maxSlowModeMs);
    expect(await set(maxSlowModeMs + 1)).toMatchObject({ ok: false, error: { code: 'request.invalid' } });
  });
});

describe('the roster', () => {
  it('lists rosterLimit people at a time', async () => {
    repeat(rosterLimit + 1, () => enter());
    const client = room.connect();
    const { participants, participantCount } = await accepted(client, 'room.join', joinTicket());
    expect([participants.length, participantCount]).toEqual([rosterLimit, rosterLimit + 2]);
    expect((await accepted(client, 'roster.list', { offset: 1 })).participants).toHaveLength(rosterLimit);
    expect((await accepted(client, 'roster.list', { offset: rosterLimit })).participants).toHaveLength(2);
  });

  it('announces people one by one up to rosterLimit, and their number every rosterCountIntervalMs', async () => {
    const owner = await room.join('owner');
    const [joined, counted] = [received(owner, 'participant.joined'), received(owner, 'roster.counted')];
    repeat(rosterLimit - 2, () => enter());
    await room.join('student');
    await room.join('student');
    clock.advance(rosterCountIntervalMs - 1);
    await request(owner, 'roster.list', {});
    expect([joined.length, counted.length]).toEqual([1, 0]);
    clock.advance(1);
    await until('the number of people', () => counted.length > 0);
    expect(counted).toEqual([{ participantCount: rosterLimit + 1 }]);
  });

  it('has maxPagesPerUser pages of one person', async () => {
    const userId = UserId.parse(newId('usr'));
    for (let page = 0; page <= maxPagesPerUser; page += 1) await room.join('student', userId);
    expect(room.lecture.roster.ofUser(userId)).toHaveLength(maxPagesPerUser);
    expect(room.lecture.roster.peopleCount).toBe(1);
  });

  it('accepts handRaiseBurst hands of one person, then one every handRaiseIntervalMs', async () => {
    const student = await room.join('student');
    const raise = () => request(student, 'hand.raise', {});
    const acks = repeat(handRaiseBurst + 1, raise);
    expect(await codesOf(acks)).toEqual([...repeat(handRaiseBurst, () => undefined), 'request.tooFrequent']);
    expect(await acks.at(-1)).toMatchObject({ error: { retryAfterMs: handRaiseIntervalMs } });
    clock.advance(handRaiseIntervalMs);
    expect(await codesOf([raise(), raise()])).toEqual([undefined, 'request.tooFrequent']);
  });
});

describe('a connection', () => {
  const isOpen = async (client: Client) => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    return client.connected;
  };

  it('has joinTimeoutMs to join', async () => {
    const client = room.connect();
    await until('the connection', () => room.signaling.connectionCount === 1);
    clock.advance(joinTimeoutMs - 1);
    expect(await isOpen(client)).toBe(true);
    clock.advance(1);
    await until('the close', () => !client.connected);
  });

  it('spends requestUnitBurst units at once, and requestUnitsPerSecond in the long run', async () => {
    const student = await room.join('student');
    const list = (count: number) => codesOf(repeat(count, () => request(student, 'roster.list', {})));
    expect(await list(requestUnitBurst + 1)).toEqual([...repeat(requestUnitBurst, () => undefined), 'request.tooFrequent']);
    clock.advance(1000);
    expect(await list(requestUnitsPerSecond + 1)).toEqual([...repeat(requestUnitsPerSecond, () => undefined), 'request.tooFrequent']);
  });

  it('is closed after maxInvalidRequests', async () => {
    const student = await room.join('student');
    const send = (count: number) => codesOf(repeat(count, () => requestRaw(student, 'room.unknown', {}) as Promise<{ ok: boolean }>));
    expect(new Set(await send(maxInvalidRequests - 1))).toEqual(new Set(['route.unknown']));
    expect(await isOpen(student)).toBe(true);
    student.emit('room.unknown' as 'room.leave', {}, () => undefined);
    await until('the close', () => !student.connected);
  });

  it('reads packets of maxPacketBytes', async () => {
    const student = await room.join('student');
    // The event name and the framing of Socket.IO and Engine.IO take some of it.
    const framingBytes = 100;
    expect(await request(student, 'chat.post', { text: 'x'.repeat(maxPacketBytes - framingBytes) })).toMatchObject({ error: { code: 'request.invalid' } });
    student.emit('chat.post', { text: 'x'.repeat(maxPacketBytes) }, () => undefined);
    await until('the close', () => !student.connected);
  });

  it('has maxSubscriptions subscriptions', async () => {
    const publications = repeat(maxSubscriptions + 1, () => room.lecture.publish(enter('presenter').id, { source: 'camera', kind: 'video', track: FakeTrack.withoutMedia('video'), isPaused: false }));
    const student = await room.join('student');
    const { transportId } = await accepted(student, 'transport.open', { direction: 'recv', rtpCapabilities: room.lecture.requireRoom().rtpCapabilities });
    const codes: (string | undefined)[] = [];
    for (const { id: publicationId } of publications) {
      clock.advance((1000 * mediaRequestCost) / requestUnitsPerSecond);
      codes.push(...(await codesOf([request(student, 'track.subscribe', { transportId, publicationId })])));
    }
    expect(codes).toEqual([...repeat(maxSubscriptions, () => undefined), 'request.tooFrequent']);
  });
});
