import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { maxChatTextLength, UserId } from '#engine/contract';
import type { CourseRole } from '#engine/contract';
import { newId } from '#engine/kernel';
import { until } from '#engine/testing';
import { maxInvalidRequests, maxPagesPerUser, requests } from './contract/index.ts';
import { connectionHeadroom } from './limits.ts';
import { received, request, requestRaw, useTestRoom } from './testing/index.ts';
import type { Client } from './testing/index.ts';

const room = useTestRoom();
const newUserId = () => UserId.parse(newId('usr'));

describe('a join ticket', () => {
  it('is valid once, on this connection or another', async () => {
    const ticket = room.ticketFor('student');
    const [first, second] = [room.connect(), room.connect()];
    expect(await request(first, 'room.join', { ticket })).toMatchObject({ ok: true });
    expect(await request(second, 'room.join', { ticket })).toMatchObject({ ok: false, error: { code: 'auth.reused' } });
    await request(first, 'room.leave', {});
    expect(await request(first, 'room.join', { ticket })).toMatchObject({ ok: false, error: { code: 'auth.reused' } });
    expect(room.lecture.roster.peopleCount).toBe(0);
  });

  it('is refused when its user has left the course', async () => {
    const userId = newUserId();
    const ticket = room.ticketFor('student', userId);
    room.roles.delete(userId);
    expect(await request(room.connect(), 'room.join', { ticket })).toMatchObject({ ok: false, error: { code: 'access.denied' } });
  });

  it('gives the current role, not the role it was issued for', async () => {
    const userId = newUserId();
    const ticket = room.ticketFor('assistant', userId);
    room.roles.set(userId, 'student');
    const client = room.connect();
    expect(await request(client, 'room.join', { ticket, as: 'presenter' })).toMatchObject({ ok: false, error: { code: 'access.denied' } });
    expect(await request(client, 'room.join', { ticket: room.ticketFor('student', userId) })).toMatchObject({ ok: true, data: { self: { role: 'student' } } });
  });

  it('replaces the oldest page of a user who has too many', async () => {
    const userId = newUserId();
    const pages: Client[] = [];
    for (let page = 0; page < maxPagesPerUser; page += 1) pages.push(await room.join('student', userId));
    const closed = received(pages[0]!, 'room.closed');
    await room.join('student', userId);
    await until('the close message', () => closed.length > 0);
    expect(closed[0]?.reason).toBe('replaced');
  });

  it('adds nobody when its connection closes while it joins', async () => {
    const place = Promise.withResolvers<{ role: CourseRole; condition: 'published' }>();
    const placeOf = vi.spyOn(room.courseRoles, 'placeOf').mockReturnValueOnce(place.promise);
    const client = room.connect();
    client.emit('room.join', { ticket: room.ticketFor('student') }, () => undefined);
    await until('the request', () => placeOf.mock.calls.length > 0);
    client.disconnect();
    await until('the close', () => room.signaling.connectionCount === 0);
    place.resolve({ role: 'student', condition: 'published' });
    await until('the refusal', () => room.log.some(({ code }) => code === 'participant.notFound'));
    expect(room.lecture.roster.peopleCount).toBe(0);
  });
});

describe('connections that do not join', () => {
  const polling = () => `http://127.0.0.1:${room.port}/socket.io/?EIO=4&transport=polling`;

  it('give way to others, while those in the room stay connected', async () => {
    const owner = await room.join('owner');
    const handshakes = room.maxConnections + connectionHeadroom + 100;
    for (let count = 0; count < handshakes; count += 1) expect((await fetch(polling())).status).toBe(200);
    const student = await room.join('student');
    expect(await request(student, 'chat.post', { text: 'I have joined' })).toMatchObject({ ok: true });
    expect(await request(owner, 'chat.post', { text: 'So have I' })).toMatchObject({ ok: true });
  });

  it('open one socket, however many connect packets they send', async () => {
    const { sid } = JSON.parse((await (await fetch(polling())).text()).slice(1)) as { sid: string };
    await fetch(`${polling()}&sid=${sid}`, { method: 'POST', body: Array.from({ length: 200 }, () => '40/live,').join('\u001e') });
    const student = await room.join('student');
    expect(room.signaling.connectionCount).toBeLessThanOrEqual(3);
    expect(await request(student, 'hand.raise', {})).toMatchObject({ ok: true });
  });

  it('are refused with server.busy when rooms hold as many connections as the server accepts', async () => {
    for (let count = 0; count < room.maxConnections; count += 1) await room.join('student');
    const late = room.connect();
    const refusal = await new Promise<Error>((resolve) => late.once('connect_error', resolve));
    expect(refusal.message).toBe('server.busy');
  });
});

describe('a socket that sends bad input', () => {
  it('gets a coded error for unknown requests and wrong types, and changes nothing', async () => {
    const student = await room.join('student');
    const send = (name: string, data: unknown) => requestRaw(student, name, data);
    expect(await send('room.explode', {})).toMatchObject({ ok: false, error: { code: 'route.unknown' } });
    expect(await send('__proto__', {})).toMatchObject({ ok: false, error: { code: 'route.unknown' } });
    expect(await send('chat.post', { text: 7 })).toMatchObject({ ok: false, error: { code: 'request.invalid' } });
    expect(await send('chat.post', { text: 'x'.repeat(maxChatTextLength + 1) })).toMatchObject({ ok: false, error: { code: 'request.invalid' } });
    expect(await send('chat.post', null)).toMatchObject({ ok: false, error: { code: 'request.invalid' } });
    expect(room.lecture.chat.history).toEqual([]);
  });

  it('is logged once for each kind of refusal', async () => {
    const student = await room.join('student');
    for (let time = 0; time < 5; time += 1) {
      await requestRaw(student, 'room.explode', {});
      await requestRaw(student, 'chat.delete', { messageId: newId('msg') });
    }
    const refusals = room.log.filter(({ msg }) => msg === 'request.refused').map(({ request: name, code }) => `${String(name)} ${String(code)}`);
    expect(refusals).toEqual(['room.explode route.unknown', 'chat.delete message.notFound']);
  });

  it('cannot stay in another namespace than the room', async () => {
    const elsewhere = room.connect('/');
    await new Promise<void>((resolve) => elsewhere.once('connect', resolve));
    await until('the close of the root namespace', () => elsewhere.disconnected);
    const student = await room.join('student');
    student.io.engine.write('1/live,');
    await until('the close of the connection', () => student.io.engine.readyState === 'closed');
  });

  it('is closed when it sends a megabyte, and the others are not affected', async () => {
    const [owner, attacker] = [await room.join('owner'), await room.join('student')];
    attacker.emit('chat.post', { text: 'x'.repeat(1024 * 1024) }, () => undefined);
    await until('the close', () => !attacker.connected);
    expect(await request(owner, 'chat.post', { text: 'Still here' })).toMatchObject({ ok: true });
  });

  it('is answered when a request comes without data, or with more than one argument', async () => {
    const student = await room.join('student');
    const raw = student.timeout(5000) as unknown as { emitWithAck(name: string, ...args: unknown[]): Promise<unknown> };
    for (let time = 0; time <= maxInvalidRequests; time += 1) expect(await raw.emitWithAck('hand.lower')).toMatchObject({ ok: true });
    expect(await raw.emitWithAck('roster.list', null)).toMatchObject({ ok: true, data: { participantCount: 1 } });
    expect(await raw.emitWithAck('chat.post')).toMatchObject({ ok: false, error: { code: 'request.invalid' } });
    expect(await raw.emitWithAck('hand.lower', {}, {})).toMatchObject({ ok: false, error: { code: 'request.invalid' } });
    expect(await raw.emitWithAck('room.leave')).toMatchObject({ ok: true });
  });

  it('is answered as usual when its data is nested thousands of levels deep', async () => {
    const student = await room.join('student');
    student.io.engine.write(`2/live,7["chat.post",${'['.repeat(30_000)}${']'.repeat(30_000)}]`);
    await until('the refusal', () => room.log.some(({ code, request: name }) => code === 'request.invalid' && name === 'chat.post'));
    expect(room.log.filter(({ msg }) => msg === 'request.failed')).toEqual([]);
    expect(await request(student, 'hand.raise', {})).toMatchObject({ ok: true });
  });

  it('cannot write control characters into the log', async () => {
    const student = await room.join('student');
    await requestRaw(student, 'room.\u009b31m\u001b[2J\n', {});
    expect(room.log.filter(({ msg }) => msg === 'request.refused').map(({ request: name }) => name)).toEqual(['room.31m[2J']);
  });

  it('is closed after too many events without an acknowledgement callback', async () => {
    const attacker = await room.join('student');
    for (let index = 0; index < maxInvalidRequests; index += 1) attacker.emit('nonsense' as 'room.leave', {}, undefined as never);
    await until('the close', () => !attacker.connected);
  });

  it('does not break the server with any JSON', async () => {
    const names = [...Object.keys(requests), 'toString', 'constructor', ''];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.jsonValue(), async (name, data) => {
        const client = room.connect();
        const ack = await requestRaw(client, name, data);
        expect(ack).toMatchObject({ ok: name === 'room.leave' && ack !== null && (ack as { ok: boolean }).ok });
        client.disconnect();
      }),
      { numRuns: 60 },
    );
    expect(await request(await room.join('student'), 'hand.raise', {})).toMatchObject({ ok: true });
  });
});
