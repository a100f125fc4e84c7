import { createServer } from 'node:http';
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConnectionLostError, SignalingClient } from './SignalingClient.ts';

describe('SignalingClient', () => {
  const listeners = { onPush: vi.fn(), onLost: vi.fn<() => void>() };
  let http: HttpServer;
  let io: Server;
  const connect = () => SignalingClient.connect({ namespace: `http://127.0.0.1:${(http.address() as AddressInfo).port}/live`, path: '/socket.io/' }, listeners);

  beforeEach(async () => {
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
});
