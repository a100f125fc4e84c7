import { describe, expect, it } from 'vitest';
import { UserId } from '#engine/contract';
import { newId } from '#engine/kernel';
import { until } from '#engine/testing';
import { closeDelayMs } from './limits.ts';
import { received, request, useTestRoom } from './testing/index.ts';

const room = useTestRoom();
const newUserId = () => UserId.parse(newId('usr'));

describe('a login that ends', () => {
  it('closes the connections of its tickets, and no others', async () => {
    const userId = newUserId();
    const [page, secondPage, other] = [await room.join('student', userId), await room.join('student', userId), await room.join('student')];
    const closed = [page, secondPage].map((client) => received(client, 'room.closed'));
    room.logins.end(userId);
    await until('the news', () => closed.every((pushes) => pushes.length > 0));
    expect(closed.map(([push]) => push?.reason)).toEqual(['signedOut', 'signedOut']);
    expect(room.lecture.roster.ofUser(userId)).toEqual([]);
    room.clock.advance(closeDelayMs);
    await until('the close', () => !page.connected && !secondPage.connected);
    expect(await request(other, 'roster.list', {})).toMatchObject({ ok: true });
  });

  it('unnoticed, while the processes could not reach one another, closes its connections afterwards', async () => {
    const userId = newUserId();
    const [page, other] = [await room.join('student', userId), await room.join('student')];
    const [closed, closedOther] = [received(page, 'room.closed'), received(other, 'room.closed')];
    room.logins.endUnnoticed(userId);
    room.logins.noticeMissed();
    await until('the close', () => closed.length > 0);
    expect(closed[0]?.reason).toBe('signedOut');
    expect(await request(other, 'roster.list', {})).toMatchObject({ ok: true });
    expect(closedOther).toEqual([]);
  });

  it('unnoticed lets nobody in who is joining when the processes reach one another again', async () => {
    const userId = newUserId();
    const [client, ticket] = [room.connect(), room.ticketFor('student', userId)];
    const closed = received(client, 'room.closed');
    const isOpen = room.logins.isOpen.bind(room.logins);
    room.logins.isOpen = async (login) => {
      room.logins.isOpen = isOpen;
      const answer = await isOpen(login);
      room.logins.endUnnoticed(userId);
      room.logins.noticeMissed();
      return answer;
    };
    expect(await request(client, 'room.join', { ticket })).toMatchObject({ ok: false });
    await until('the news', () => closed.length > 0);
    expect(closed[0]?.reason).toBe('signedOut');
    expect(room.lecture.roster.ofUser(userId)).toEqual([]);
  });

  it('makes its tickets worthless', async () => {
    const userId = newUserId();
    const ticket = room.ticketFor('student', userId);
    room.logins.end(userId);
    expect(await request(room.connect(), 'room.join', { ticket })).toMatchObject({ ok: false, error: { code: 'auth.invalid' } });
    expect(room.lecture.roster.ofUser(userId)).toEqual([]);
  });

  it('lets nobody in who joins at that moment', async () => {
    const userId = newUserId();
    const ticket = room.ticketFor('student', userId);
    const client = room.connect();
    const isOpen = room.logins.isOpen.bind(room.logins);
    room.logins.isOpen = async (login) => {
      const answer = await isOpen(login);
      room.logins.end(userId);
      return answer;
    };
    const answer = await request(client, 'room.join', { ticket });
    room.logins.isOpen = isOpen;
    expect(answer).toMatchObject({ ok: false });
    expect(room.lecture.roster.ofUser(userId)).toEqual([]);
  });
});
