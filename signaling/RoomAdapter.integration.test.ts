import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { expect, it } from 'vitest';
import { systemClock } from '#engine/kernel';
import { describeWithRedis, silentLogger, until } from '#engine/testing';
import type { TestRedis } from '#engine/testing';
import { openRoomAdapter } from './RoomAdapter.ts';

/** One process of the site, with one student in the room of the lecture. */
async function startNode(redis: TestRedis) {
  const connection = await redis.connect();
  const httpServer = createServer();
  await new Promise<void>((resolve) => httpServer.listen(0, '127.0.0.1', resolve));
  const server = new Server(httpServer);
  const adapter = openRoomAdapter({ redis: connection, clock: systemClock, logger: silentLogger });
  server.adapter(adapter.factory);
  const room = server.of('/live');
  room.on('connection', (socket) => void socket.join('lecture'));
  const student: Socket = io(`http://127.0.0.1:${(httpServer.address() as AddressInfo).port}/live`, { transports: ['websocket'], forceNew: true });
  const received: string[] = [];
  student.on('said', (text: string) => received.push(text));
  const parts = [() => httpServer.close(), () => adapter.close(), () => server.local.disconnectSockets(true), () => student.disconnect()];
  for (const close of parts) redis.defer(close);
  await until('the student', () => student.connected);
  return { connection, received, student, server, say: (text: string) => room.to('lecture').emit('said', text) };
}

/** Both nodes hear each other. */
async function startTwo(redis: TestRedis) {
  const nodes = [await startNode(redis), await startNode(redis)] as const;
  for (const [speaker, listener] of [nodes, [nodes[1], nodes[0]]] as const) {
    await until('the other node', () => {
      speaker.say('are you there?');
      return listener.received.includes('are you there?');
    });
  }
  for (const { received } of nodes) {
    await until('silence', async () => {
      const before = received.length;
      await new Promise((resolve) => setTimeout(resolve, 300));
      return received.length === before;
    });
    received.length = 0;
  }
  return nodes;
}

describeWithRedis('A room in two processes', (redis) => {
  it('hears what is said in each, once and in order', async () => {
    const [one, two] = await startTwo(redis);
    const said = Array.from({ length: 100 }, (_, i) => `${i}`);
    for (const text of said) one.say(text);
    for (const { received } of [one, two]) {
      await until('all of it', () => received.length >= said.length);
      expect(received).toEqual(said);
    }
  });

  it('does not wait for a Redis that is suspended or killed, and the other process hears all of it afterwards', async () => {
    const [one, two] = await startTwo(redis);
    redis.server.suspend();
    one.say('while suspended');
    await until('it here', () => one.received.includes('while suspended'));
    redis.server.resume();
    await until('it there', () => two.received.includes('while suspended'));
    await redis.server.kill();
    await until('the loss', () => !one.connection.isUp && !two.connection.isUp);
    const said = Array.from({ length: 50 }, (_, i) => `${i} while killed`);
    for (const text of said) one.say(text);
    await until('them here', () => one.received.filter((text) => text.endsWith('killed')).length === said.length);
    await redis.server.start();
    const heard = () => two.received.filter((text) => text.endsWith('killed'));
    await until('them there', () => heard().length >= said.length);
    expect(heard()).toEqual(said);
  });

  it('keeps the sockets of one process when the other one stops', async () => {
    const [one, two] = await startTwo(redis);
    one.server.of('/live').local.disconnectSockets(true);
    await until('the end', () => !one.student.connected);
    two.say('still here');
    await until('it', () => two.received.includes('still here'));
    expect(two.student.connected).toBe(true);
  });
});
