import { once } from 'node:events';
import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { until } from '#engine/testing';
import { startTestApi } from '../testing/index.ts';
import type { TestApi } from '../testing/index.ts';
import { connectionLimit, openFileLimit } from './openFileLimit.ts';

async function connect({ url }: TestApi): Promise<net.Socket> {
  const socket = net.connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

function ask(socket: net.Socket, path = '/health/live'): Promise<string> {
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
  return once(socket, 'data').then(([data]) => String(data));
}

describe('HTTP connections', () => {
  it('make room for a new one: the one that has been idle longest leaves', async () => {
    const site = await startTestApi({ maxConnections: 3 });
    const sockets = [await connect(site), await connect(site), await connect(site)];
    for (const socket of sockets) expect(await ask(socket)).toMatch('200 OK');
    expect(await ask(sockets[0]!)).toMatch('200 OK');
    const newcomer = await connect(site);
    expect(await ask(newcomer)).toMatch('200 OK');
    await until('the connection to close', () => sockets[1]!.closed);
    expect(sockets.map(({ closed }) => closed)).toEqual([false, true, false]);
    expect(site.logLines.filter(({ msg }) => msg === 'connection.limitReached')).toHaveLength(1);
    for (const socket of [...sockets, newcomer]) socket.destroy();
  });

  it('that wait for a response stay while others are idle', async () => {
    const response = Promise.withResolvers<{ status: number; headers: Record<string, string>; body: null }>();
    let isAsked = false;
    const serve = () => {
      isAsked = true;
      return response.promise;
    };
    const site = await startTestApi({ maxConnections: 2, media: { serve } });
    const [waiting, idle] = [await connect(site), await connect(site)];
    const answer = ask(waiting, '/media/token/file');
    await until('the request', () => isAsked);
    expect(await ask(idle)).toMatch('200 OK');
    const newcomer = await connect(site);
    expect(await ask(newcomer)).toMatch('200 OK');
    await until('the connection to close', () => idle.closed);
    response.resolve({ status: 204, headers: {}, body: null });
    expect(await answer).toMatch('204 No Content');
    for (const socket of [waiting, newcomer]) socket.destroy();
  });

  it('leave file descriptors to recordings', () => {
    expect([300, 1024, 1_048_576, undefined].map(connectionLimit)).toEqual([86, 384, 393_216, Infinity]);
    expect(openFileLimit()).toBeGreaterThan(0);
  });
});
