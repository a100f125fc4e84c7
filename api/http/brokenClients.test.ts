import { once } from 'node:events';
import net from 'node:net';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { until } from '#engine/testing';
import type { MediaRequest, MediaResponse } from '#recorder';
import { startTestApi, talk } from '../testing/index.ts';

describe('slow and broken clients', () => {
  const timeouts = { headersMs: 300, requestMs: 600, checkEveryMs: 50, stalledMs: 5000 };
  it('that send a body byte by byte get 408 and are disconnected', async () => {
    const { url, logLines } = await startTestApi({ timeouts });
    const head = 'POST /api/v1/users/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"em';
    expect(await talk(url, head)).toMatch(/^HTTP\/1\.1 408 .*application\/problem\+json.*"status":408/s);
    expect(logLines.filter(({ level }) => level === 50)).toEqual([]);
  });

  it('that never finish their headers get 408 and are disconnected', async () => {
    const { url } = await startTestApi({ timeouts });
    expect(await talk(url, 'GET / HTTP/1.1\r\nHost: x\r\n')).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('that keep their side open are disconnected all the same', async () => {
    const { api, url } = await startTestApi();
    const socket = net.connect({ port: Number(new URL(url).port), host: '127.0.0.1', allowHalfOpen: true });
    socket.resume().on('error', () => undefined);
    socket.write('what is this\r\n\r\n');
    await once(socket, 'end');
    const openCount = () => new Promise<number>((resolve) => api.server.getConnections((_err, count) => resolve(count)));
    await until('the server to let go', async () => (await openCount()) === 0);
    socket.destroy();
  });

  it('that send an unknown expectation get a problem document, and their body is not read', async () => {
    const { url, clock, logLines } = await startTestApi();
    const ask = (method: string, rest: string) => talk(url, `${method} /health/live HTTP/1.1\r\nHost: x\r\nExpect: 200-ok\r\nConnection: close\r\n${rest}`);
    expect(await ask('GET', '\r\n')).toMatch(/^HTTP\/1\.1 417 .*application\/problem\+json.*"status":417.*"code":"request.invalid"/s);
    expect(await ask('HEAD', '\r\n')).toMatch(/^HTTP\/1\.1 417 [^{]*$/);
    expect(await ask('POST', 'Content-Length: 1073741824\r\n\r\n{')).toMatch(/^HTTP\/1\.1 417 /);
    expect(logLines.filter(({ msg, status }) => msg === 'request.refused' && status === 417)).toHaveLength(3);
    const kept = net.connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined).resume();
    kept.write('POST / HTTP/1.1\r\nHost: x\r\nExpect: 200-ok\r\nTransfer-Encoding: chunked\r\n\r\n');
    await until('the cut', () => {
      clock.advance(1000);
      return kept.closed;
    });
  });

  it('that ask for an upgrade get an HTTP response, unless it is a WebSocket on the signaling path', async () => {
    const { api, url } = await startTestApi();
    const upgraded: (string | undefined)[] = [];
    api.server.on('upgrade', (request, socket) => {
      upgraded.push(request.url);
      socket.destroy();
    });
    const ask = (path: string, protocol: string) => talk(url, `GET /health/live HTTP/1.1\r\nHost: x\r\n\r\nGET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: ${protocol}\r\n\r\n`);
    expect(await ask('/health/live', 'h2c')).toMatch(/^HTTP\/1\.1 200 .*HTTP\/1\.1 200 /s);
    expect(await ask('/health/live', 'websocket')).toMatch(/^HTTP\/1\.1 200 .*HTTP\/1\.1 200 /s);
    expect(await ask('/socket.io/', 'h2c')).toMatch(/^HTTP\/1\.1 200 .*HTTP\/1\.1 404 /s);
    await ask('/socket.io/?EIO=4&transport=websocket', 'WebSocket');
    expect(upgraded).toEqual(['/socket.io/?EIO=4&transport=websocket']);
  });

  it('that pipeline requests without reading the responses are refused and disconnected', async () => {
    const served: string[] = [];
    const serve = async ({ path }: MediaRequest): Promise<MediaResponse> => {
      served.push(path);
      return { status: 200, headers: { 'Content-Length': '2' }, body: Buffer.from('ok') };
    };
    const { url } = await startTestApi({ media: { serve } });
    const asked = Array.from({ length: 40 }, (_, index) => `GET /media/t/${index} HTTP/1.1\r\nHost: x\r\n\r\n`);
    const answers = await talk(url, asked.join(''));
    expect([...answers.matchAll(/^(?:ok)?HTTP\/1\.1 (\d+)/gm)].map(([, status]) => status)).toEqual([...Array<string>(8).fill('200'), '429']);
    expect(answers).toMatch(/"code":"request.tooFrequent"[^{]*$/);
    expect(served).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
  });

  it('that wait for each response may send any number of requests on a connection', async () => {
    const { url } = await startTestApi();
    const socket = net.connect(Number(new URL(url).port), '127.0.0.1');
    for (let asked = 0; asked < 20; asked += 1) {
      socket.write('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n');
      const [answer] = (await once(socket, 'data')) as [Buffer];
      expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 /);
    }
    socket.destroy();
  });

  it('that do not speak HTTP get 400', async () => {
    const { url } = await startTestApi({ timeouts });
    expect(await talk(url, '\x16\x03\x01 what is this\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await talk(url, `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(40_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
  });
});

it('a path cannot write control characters into the log or the response', async () => {
  const { url, logLines } = await startTestApi();
  const { detail } = (await (await fetch(`${url}/api/%1b%5d0;x%07%c2%9b31m%e2%80%ae`)).json()) as { detail: string };
  expect(detail).toBe('There is no GET /api/]0;x31m.');
  expect(logLines.filter(({ msg }) => msg === 'request.refused')).toMatchObject([{ route: '/api/]0;x31m', detail }]);
});

it('media that a client does not read is closed after the stall timeout', async () => {
  const endless = new Readable({
    read() {
      this.push(Buffer.alloc(65_536));
    },
  });
  const serve = async (): Promise<MediaResponse> => ({ status: 200, headers: {}, body: endless });
  const { url } = await startTestApi({ media: { serve }, timeouts: { headersMs: 10_000, requestMs: 10_000, checkEveryMs: 1000, stalledMs: 300 } });
  const socket = net.connect(Number(new URL(url).port), '127.0.0.1');
  socket.pause().on('error', () => undefined);
  socket.write('GET /media/t/endless HTTP/1.1\r\nHost: x\r\n\r\n');
  await until('the source to be closed', () => endless.destroyed);
  socket.destroy();
});
