import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect, createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '#engine/testing';
import { freePort } from '../freePort.ts';
import { findNginx, findNginxStream } from '../testPrograms.mjs';
import { requireNginx } from './nginx.ts';
import { nginxConfig } from './nginxConfig.ts';
import type { ProxiedNode } from './nginxConfig.ts';

const hasNginx = findNginx(process.env) !== undefined && findNginxStream(process.env) !== undefined;
if (!hasNginx) process.stderr.write('NO NGINX: nginx with its module stream is not available, so the tests of the proxy do not run\n');

/** An HTTP server that says who it is and what it was sent, and takes WebSockets. */
function echo(name: string): Server {
  const server = createHttpServer((request, response) => response.end(JSON.stringify(seen(name, request))));
  return server.on('upgrade', (request, socket) => {
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n${JSON.stringify(seen(name, request))}`);
    socket.on('data', (data) => socket.write(data));
  });
}

function seen(name: string, { url, headers }: IncomingMessage) {
  return { name, url, host: headers.host, client: headers['x-forwarded-for'] };
}

/** An RTMP server that says who it is. */
const greeter = (name: string): Server => createTcpServer((socket) => socket.on('error', () => undefined).end(name));

describe.skipIf(!hasNginx)('nginx, as the launcher configures it', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'lectern-nginx-'));
  const servers = new Map<string, Server>();
  const resources = new AsyncDisposableStack();
  let [httpPort, rtmpPort] = ['', ''];

  async function open(name: string, server: Server): Promise<string> {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    servers.set(name, server);
    resources.defer(() => void server.close());
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  beforeAll(async () => {
    resources.defer(() => rmSync(folder, { recursive: true, force: true }));
    const nodes: ProxiedNode[] = [];
    for (const name of ['live-1', 'live-2', 'api-1', 'api-2', 'delivery-1', 'delivery-2']) {
      const role = name.split('-')[0] as ProxiedNode['role'];
      nodes.push({ name, role, http: await open(name, echo(name)), ...(role === 'live' && { rtmp: await open(`rtmp-${name}`, greeter(name)) }) });
    }
    [httpPort, rtmpPort] = [await freePort(), await freePort()];
    const { program, streamModule } = requireNginx(process.env);
    const file = path.join(folder, 'nginx.conf');
    writeFileSync(file, nginxConfig({ listenHttp: `127.0.0.1:${httpPort}`, listenRtmp: `127.0.0.1:${rtmpPort}`, nodes, folder, ...(process.getuid?.() === 0 && { user: 'root' }), ...(streamModule !== undefined && { streamModule }) }));
    const nginx = spawn(program, ['-p', folder, '-c', file], { stdio: 'ignore' });
    resources.defer(async () => {
      nginx.kill();
      if (nginx.exitCode === null) await once(nginx, 'exit');
    });
    await until('nginx', () => get('/health/live').catch(() => undefined));
  });

  afterAll(() => resources.disposeAsync());

  const get = async (address: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`http://127.0.0.1:${httpPort}${address}`, { headers });
    expect(response.status).toBe(200);
    return (await response.json()) as { name: string; url: string; host: string; client: string };
  };

  const greeting = async () => {
    const socket = connect(Number(rtmpPort), '127.0.0.1');
    let text = '';
    socket.setEncoding('utf8').on('data', (piece: string) => (text += piece));
    await once(socket, 'close');
    return text;
  };

  it('passes the requests for a live process to it, with an unchanged path', async () => {
    for (const name of ['live-1', 'live-2']) expect(await get(`/nodes/${name}/socket.io/?EIO=4`)).toMatchObject({ name, url: `/nodes/${name}/socket.io/?EIO=4` });
  });

  it('passes each media URL to one of the delivery processes, and everything else to the API by turns', async () => {
    const names = async (addresses: string[]) => {
      const found = new Set<string>();
      for (const address of addresses) found.add((await get(address)).name);
      return [...found].sort();
    };
    const url = '/media/rec_1/playlist.m3u8';
    expect(await names([url, url, url])).toHaveLength(1);
    expect(await names(Array.from({ length: 32 }, (_, index) => `/media/rec_${index}/playlist.m3u8`))).toEqual(['delivery-1', 'delivery-2']);
    expect(await names(['/courses/crs_1', '/courses/crs_1', '/courses/crs_1'])).toEqual(['api-1', 'api-2']);
  });

  it('says who the client is and which host it has asked, whatever the client claims', async () => {
    expect(await get('/', { 'x-forwarded-for': '203.0.113.7' })).toMatchObject({ client: '127.0.0.1', host: `127.0.0.1:${httpPort}` });
  });

  it('passes a WebSocket on', async () => {
    const socket = connect(Number(httpPort), '127.0.0.1');
    let text = '';
    socket.setEncoding('utf8').on('data', (piece: string) => (text += piece));
    socket.write(`GET /nodes/live-2/socket.io/ HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
    await until('the upgrade', () => text.includes('101 Switching Protocols') && text.includes('"live-2"'));
    socket.write('ping over the socket');
    await until('the echo', () => text.endsWith('ping over the socket'));
    socket.destroy();
  });

  it('passes requests and encoders to the process that is left when one has died', async () => {
    for (const name of ['api-1', 'rtmp-live-1']) servers.get(name)?.close();
    (servers.get('api-1') as ReturnType<typeof createHttpServer>).closeAllConnections();
    for (let count = 0; count < 4; count += 1) {
      expect(await get('/')).toMatchObject({ name: 'api-2' });
      expect(await greeting()).toBe('live-2');
    }
  });
});
