import type { AddressInfo } from 'node:net';
import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { UserId } from '#engine/contract';
import type { CourseRole } from '#engine/contract';
import { newId } from '#engine/kernel';
import { until } from '#engine/testing';
import { requests } from './contract/index.ts';
import { ask, askRaw, heard, useRoomBench } from './testing/RoomBench.ts';
import type { Browser } from './testing/RoomBench.ts';

const bench = useRoomBench();

describe('a ticket', () => {
  it('lets in once, on this connection or another', async () => {
    const ticket = bench.ticketFor('student');
    const [first, second] = [bench.connect(), bench.connect()];
    expect(await ask(first, 'room.join', { ticket })).toMatchObject({ ok: true });
    expect(await ask(second, 'room.join', { ticket })).toMatchObject({ ok: false, error: { code: 'auth.reused' } });
    await ask(first, 'room.leave', {});
    expect(await ask(first, 'room.join', { ticket })).toMatchObject({ ok: false, error: { code: 'auth.reused' } });
    expect(bench.lecture.roster.peopleCount).toBe(0);
  });

  it('of someone who has left the course since lets nobody in', async () => {
    const userId = UserId.parse(newId('usr'));
    const ticket = bench.ticketFor('student', userId);
    bench.roles.delete(userId);
    expect(await ask(bench.connect(), 'room.join', { ticket })).toMatchObject({ ok: false, error: { code: 'access.denied' } });
  });

  it('of someone who may present no more lets them in as what they are now', async () => {
    const userId = UserId.parse(newId('usr'));
    const ticket = bench.ticketFor('assistant', userId);
    bench.roles.set(userId, 'student');
    const browser = bench.connect();
    expect(await ask(browser, 'room.join', { ticket, as: 'presenter' })).toMatchObject({ ok: false, error: { code: 'access.denied' } });
    expect(await ask(browser, 'room.join', { ticket: bench.ticketFor('student', userId) })).toMatchObject({ ok: true, data: { self: { role: 'student' } } });
  });

  it('of one person opens eight pages at most: a further one takes the place of the oldest', async () => {
    const userId = UserId.parse(newId('usr'));
    const pages: Browser[] = [];
    for (let page = 0; page < 8; page += 1) pages.push(await bench.join('student', userId));
    const closed = heard(pages[0]!, 'room.closed');
    await bench.join('student', userId);
    await until('the farewell', () => closed.length > 0);
    expect(closed[0]?.reason).toBe('replaced');
    expect(bench.lecture.roster.peopleCount).toBe(8);
  });

  it('of a connection that is gone before it is in leaves nobody behind', async () => {
    const question = Promise.withResolvers<CourseRole>();
    const asked = vi.spyOn(bench.courseRoles, 'roleOf').mockReturnValueOnce(question.promise);
    const browser = bench.connect();
    browser.emit('room.join', { ticket: bench.ticketFor('student') }, () => undefined);
    await until('the question', () => asked.mock.calls.length > 0);
    browser.disconnect();
    await until('the socket to go', () => bench.signaling.connectionCount === 0);
    question.resolve('student');
    await until('the refusal', () => bench.log.some(({ code }) => code === 'participant.notFound'));
    expect(bench.lecture.roster.peopleCount).toBe(0);
  });
});

describe('connections that join nothing', () => {
  it('keep nobody out, and nobody who has joined loses the seat', async () => {
    const teacher = await bench.join('owner');
    const { port } = bench.httpServer.address() as AddressInfo;
    const handshake = async () => (await fetch(`http://127.0.0.1:${port}/socket.io/?EIO=4&transport=polling`)).status;
    for (let count = 0; count < 1200; count += 1) expect(await handshake()).toBe(200);
    const student = await bench.join('student');
    expect(await ask(student, 'chat.post', { text: 'I am in' })).toMatchObject({ ok: true });
    expect(await ask(teacher, 'chat.post', { text: 'so am I' })).toMatchObject({ ok: true });
  });

  it('open no second socket, however often they greet', async () => {
    const { port } = bench.httpServer.address() as AddressInfo;
    const polling = `http://127.0.0.1:${port}/socket.io/?EIO=4&transport=polling`;
    const { sid } = JSON.parse((await (await fetch(polling)).text()).slice(1)) as { sid: string };
    await fetch(`${polling}&sid=${sid}`, { method: 'POST', body: Array.from({ length: 200 }, () => '40/live,').join('\u001e') });
    const student = await bench.join('student');
    expect(bench.signaling.connectionCount).toBeLessThanOrEqual(3);
    expect(await ask(student, 'hand.raise', {})).toMatchObject({ ok: true });
  });

  it('are told when every seat is taken by people in rooms', async () => {
    for (let seat = 0; seat < 100; seat += 1) await bench.join('student');
    const late = bench.connect();
    const refusal = await new Promise<Error>((resolve) => late.once('connect_error', resolve));
    expect(refusal.message).toBe('server.busy');
  });
});

describe('a socket that lies', () => {
  it('gets a coded error for unknown requests and wrong types, and changes nothing', async () => {
    const student = await bench.join('student');
    const emit = (name: string, data: unknown) => askRaw(student, name, data);
    expect(await emit('room.explode', {})).toMatchObject({ ok: false, error: { code: 'route.unknown' } });
    expect(await emit('__proto__', {})).toMatchObject({ ok: false, error: { code: 'route.unknown' } });
    expect(await emit('chat.post', { text: 7 })).toMatchObject({ ok: false, error: { code: 'request.invalid' } });
    expect(await emit('chat.post', { text: 'x'.repeat(2001) })).toMatchObject({ ok: false, error: { code: 'request.invalid' } });
    expect(await emit('chat.post', null)).toMatchObject({ ok: false, error: { code: 'request.invalid' } });
    expect(bench.lecture.chat.history).toEqual([]);
  });

  it('is written down, once for each thing it tries', async () => {
    const student = await bench.join('student');
    for (let time = 0; time < 5; time += 1) {
      await askRaw(student, 'room.explode', {});
      await askRaw(student, 'chat.delete', { messageId: newId('msg') });
    }
    expect(bench.log.filter(({ msg }) => msg === 'request.refused').map(({ request, code }) => `${String(request)} ${String(code)}`)).toEqual(['room.explode route.unknown', 'chat.delete message.notFound']);
  });

  it('has no other place to sit than the room', async () => {
    const elsewhere = bench.connect('/');
    await new Promise<void>((resolve) => elsewhere.once('connect', resolve));
    await until('the root namespace to be closed', () => elsewhere.disconnected);
    const student = await bench.join('student');
    student.io.engine.write('1/live,');
    await until('the connection to be closed', () => student.io.engine.readyState === 'closed');
  });

  it('is cut off when it sends a megabyte, and the others notice nothing', async () => {
    const [teacher, liar] = [await bench.join('owner'), await bench.join('student')];
    liar.emit('chat.post', { text: 'x'.repeat(1024 * 1024) }, () => undefined);
    await until('the cut', () => !liar.connected);
    expect(await ask(teacher, 'chat.post', { text: 'still here' })).toMatchObject({ ok: true });
  });

  it('is cut off after a row of nonsense without acks', async () => {
    const liar = await bench.join('student');
    for (let index = 0; index < 30; index += 1) liar.emit('nonsense' as 'room.leave', {}, undefined as never);
    await until('the cut', () => !liar.connected);
  });

  it('crashes nothing with any JSON at all', async () => {
    const names = [...Object.keys(requests), 'toString', 'constructor', ''];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.jsonValue(), async (name, data) => {
        const browser = bench.connect();
        const answer = await askRaw(browser, name, data);
        expect(answer).toMatchObject({ ok: name === 'room.leave' && answer !== null && (answer as { ok: boolean }).ok });
        browser.disconnect();
      }),
      { numRuns: 60 },
    );
    expect(await ask(await bench.join('student'), 'hand.raise', {})).toMatchObject({ ok: true });
  });
});
