import { createServer, request as forward } from 'node:http';
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { ConnectionLostError, SignalingClient, TransportOrder } from './SignalingClient.ts';

describe('SignalingClient', () => {
  const listeners = { onPush: vi.fn(), onLost: vi.fn<() => void>() };
  let http: HttpServer;
  let io: Server;
  let order: TransportOrder;
  const connect = (through = http) => SignalingClient.connect({ namespace: `http://127.0.0.1:${portOf(through)}/live`, path: '/socket.io/' }, listeners, order);

  beforeEach(async () => {
    order = new TransportOrder();
    listeners.onLost.mockReset();
    http = createServer();
    io = new Server(http);
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => io.close());

  it('fails when the server closes the connection before the namespace is joined', async () => {
    io.engine.on('connection', (opened: { close(): void }) => opened.close());
    await expect(connect()).rejects.toBeInstanceOf(ConnectionLostError);
    expect(listeners.onLost).not.toHaveBeenCalled();
  });

  it('fails with server.busy when the server is busy', async () => {
    io.of('/live').use((_socket, next) => next(new Error('server.busy')));
    await expect(connect()).rejects.toMatchObject({ code: 'server.busy' });
  });

  it('fails when the server does not respond in time', async () => {
    const knocked = new Promise<void>((resolve) => io.of('/live').use(() => resolve()));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const entered = expect(connect()).rejects.toBeInstanceOf(ConnectionLostError);
      await knocked;
      await vi.advanceTimersByTimeAsync(8000);
      await entered;
    } finally {
      vi.useRealTimers();
    }
  });

  it('reports a lost connection once', async () => {
    io.of('/live');
    await connect();
    io.of('/live').disconnectSockets(true);
    await vi.waitFor(() => expect(listeners.onLost).toHaveBeenCalledOnce());
  });

  it('connects by polling through a proxy that never answers an upgrade, and starts with polling from then on', async () => {
    io.of('/live');
    const { proxy, swallowed } = await startSwallowingProxy(http);
    onTestFinished(() => {
      proxy.close();
      proxy.closeAllConnections();
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const connecting = connect(proxy);
    await swallowed;
    await vi.advanceTimersByTimeAsync(4000);
    vi.useRealTimers();
    const first = await connecting;
    expect(order.transports[0]).toBe('polling');
    const second = await connect(proxy);
    for (const client of [first, second]) client.close();
    expect(listeners.onLost).not.toHaveBeenCalled();
  });

  it('starts with a WebSocket again once an upgrade has succeeded', async () => {
    io.of('/live');
    order.upgradeUnanswered();
    const client = await connect();
    await vi.waitFor(() => expect(order.transports[0]).toBe('websocket'));
    client.close();
  });
});

function portOf(server: HttpServer): number {
  return (server.address() as AddressInfo).port;
}

/** Forwards requests. Accepts the request for a WebSocket and never answers it. */
async function startSwallowingProxy(server: HttpServer): Promise<{ proxy: HttpServer; swallowed: Promise<void> }> {
  const { promise: swallowed, resolve } = Promise.withResolvers<void>();
  const proxy = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const upstream = forward({ port: portOf(server), host: '127.0.0.1', method, path: url, headers }, (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(outgoing);
    });
    upstream.on('error', () => outgoing.destroy());
    incoming.pipe(upstream);
  });
  proxy.on('upgrade', () => resolve());
  await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
  return { proxy, swallowed };
}
