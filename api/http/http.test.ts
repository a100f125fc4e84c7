import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CodedError } from '#engine/contract';
import { until } from '#engine/testing';
import { Problem } from '../contract/index.ts';
import type { MediaRequest, MediaResponse } from '#recorder';
import { startTestApi, talk } from '../testing/index.ts';
import { problemTable } from './problemTable.ts';

const json = { 'content-type': 'application/json' };
const login = (url: string, body: string, headers: Record<string, string> = json) => fetch(`${url}/api/v1/users/login`, { method: 'POST', headers, body });
async function problemOf(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  return Problem.parse(await response.json());
}

describe('a body', () => {
  it('that is not JSON, has another type or is not an object is refused with a problem document', async () => {
    const { url } = await startTestApi();
    expect(await problemOf(await login(url, '{"email":'))).toMatchObject({ status: 400, code: 'request.invalid', detail: 'The body is not JSON.' });
    expect(await problemOf(await login(url, 'email=x', { 'content-type': 'application/x-www-form-urlencoded' }))).toMatchObject({ status: 400, code: 'request.invalid' });
    expect(await problemOf(await login(url, '[1]'))).toMatchObject({ status: 400, code: 'request.invalid' });
    expect(await problemOf(await login(url, ''))).toMatchObject({ status: 400, code: 'request.invalid' });
    expect(await problemOf(await login(url, '{"email":{"$ne":null},"password":"x"}'))).toMatchObject({ status: 400, errors: [{ path: 'email' }] });
  });

  it('over 256 kB is refused with 413, also when it is compressed', async () => {
    const { url } = await startTestApi();
    const huge = JSON.stringify({ email: 'a@example.org', password: 'x'.repeat(300_000) });
    expect(await problemOf(await login(url, huge))).toMatchObject({ status: 413, code: 'request.tooLarge' });
    const { gzipSync } = await import('node:zlib');
    const packed = await fetch(`${url}/api/v1/users/login`, { method: 'POST', headers: { ...json, 'content-encoding': 'gzip' }, body: gzipSync(huge) });
    expect((await problemOf(packed)).status).toBe(413);
  });

  it('without an end is cut off after the response, with and without a declared length', async () => {
    const { url, clock } = await startTestApi();
    for (const framing of ['Content-Length: 1073741824', 'Transfer-Encoding: chunked']) {
      const socket = net.connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined);
      let heard = '';
      socket.on('data', (chunk) => (heard += chunk.toString()));
      const part = Buffer.alloc(64 * 1024, '0');
      const pour = () => {
        while (socket.writable && socket.write(framing.startsWith('T') ? `10000\r\n${part.toString()}\r\n` : part));
        if (socket.writable) socket.once('drain', pour);
      };
      socket.write(`POST /api/v1/users/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${framing}\r\n\r\n`, pour);
      await until('the refusal', () => heard.includes('HTTP/1.1 413'));
      await until('the cut', () => {
        clock.advance(1000);
        return socket.closed;
      });
      expect(socket.bytesWritten).toBeLessThan(64 * 2 ** 20);
    }
  });

  it('nested thousands of levels deep is refused, while brackets in strings are not counted', async () => {
    const { url } = await startTestApi();
    const deep = await problemOf(await login(url, `${'['.repeat(50_000)}${']'.repeat(50_000)}`));
    expect(deep).toMatchObject({ status: 400, code: 'request.invalid' });
    expect(deep.detail).toMatch(/nested/);
    const text = await login(url, JSON.stringify({ email: 'a@example.org', password: '"[{\\'.repeat(40) }));
    expect(await problemOf(text)).toMatchObject({ code: 'credentials.wrong' });
  });
});

describe('responses', () => {
  it('carry a request id and security headers, and do not name the software', async () => {
    const { url } = await startTestApi();
    const { headers } = await fetch(`${url}/api/v1/setup`);
    expect(headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    const policy = headers.get('content-security-policy') ?? '';
    for (const part of ["default-src 'self'", "media-src 'self' blob:", "worker-src 'self' blob:", "script-src 'self';", "object-src 'none'"]) expect(policy).toContain(part);
    expect(policy).toContain(`connect-src 'self' ${url.replace('http', 'ws').replace('localhost', new URL(url).hostname)}`);
    expect(policy).not.toContain('upgrade-insecure-requests');
    expect(headers.get('strict-transport-security')).toBeNull();
  });

  it('allow sockets to this host only, and use HSTS behind an HTTPS proxy', async () => {
    const { url } = await startTestApi({ settings: { LECTERN_PUBLIC_URL: 'https://lectern.example.org' } });
    const { headers } = await fetch(`${url}/api/v1/setup`);
    expect(headers.get('content-security-policy')).toContain("connect-src 'self' wss://lectern.example.org;");
    expect(headers.get('strict-transport-security')).toMatch(/^max-age=/);
  });

  it('use HSTS and secure sockets where a trusted proxy forwards HTTPS', async () => {
    const { url } = await startTestApi({ settings: { LECTERN_TRUSTED_PROXIES: 'loopback' } });
    const { headers } = await fetch(`${url}/api/v1/setup`, { headers: { 'x-forwarded-proto': 'https' } });
    expect(headers.get('content-security-policy')).toContain(`connect-src 'self' ${url.replace('http', 'wss')};`);
    expect(headers.get('strict-transport-security')).toMatch(/^max-age=/);
  });

  it('take no policy from a forged host header', async () => {
    const { url } = await startTestApi();
    const response = await talk(url, 'GET /api/v1/setup HTTP/1.1\r\nHost: x; script-src *\r\nConnection: close\r\n\r\n');
    expect(response).toContain("connect-src 'self' 'self';");
    expect(response).not.toContain('script-src *');
  });

  it('never contain the token of a media URL, and neither does the log', async () => {
    const { url, logLines } = await startTestApi();
    for (const path of ['/media/s3cret', '/media/s3cret/', '//media/s3cret/main.m3u8', '/MEDIA/s3cret/main.m3u8']) {
      expect(await (await fetch(`${url}${path}`, { method: 'POST' })).text()).not.toContain('s3cret');
    }
    const long = `s3cret${'x'.repeat(100)}`;
    for (const path of [`/%256dedia/${long}/main.m3u8`, `/m/${long}`, '/./media/s3cret/main.m3u8', '/x/../media/s3cret/main.m3u8', '/%6dedia/s3cret/main.m3u8', '/media%2fs3cret/main.m3u8', '/media/s3cret/%zz']) {
      expect(await talk(url, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)).not.toContain('s3cret');
    }
    expect(JSON.stringify(logLines)).not.toContain('s3cret');
  });

  it('to an unknown path or method are problem documents with the request id of the log line', async () => {
    const { url, logLines } = await startTestApi();
    const unknown = await fetch(`${url}/api/v1/nothing/here`);
    const problem = await problemOf(unknown);
    expect(problem).toMatchObject({ status: 404, code: 'route.unknown', instance: unknown.headers.get('x-request-id') });
    expect((await problemOf(await fetch(`${url}/api/v1/setup`, { method: 'DELETE' }))).code).toBe('method.notAllowed');
    expect((await problemOf(await fetch(`${url}/api/v1/courses/%E0%A4%A`))).status).toBe(400);
    expect(logLines.filter(({ msg, instance }) => msg === 'request.refused' && instance === problem.instance)).toHaveLength(1);
  });

  it('to a bug contain only an incident id; the log has one line with the details', async () => {
    const { url, logLines } = await startTestApi({ checkReadiness: async () => Promise.reject(new Error('secret of the house')) });
    const problem = await problemOf(await fetch(`${url}/health/ready`));
    expect(problem).toMatchObject({ status: 500, code: 'internal', instance: expect.stringMatching(/^inc_/) });
    expect(JSON.stringify(problem)).not.toContain('secret');
    const lines = logLines.filter(({ instance }) => instance === problem.instance);
    expect(lines).toMatchObject([{ msg: 'request.failed', err: { message: 'secret of the house' } }]);
  });

  it('on the health routes report liveness and readiness', async () => {
    const { url, api } = await startTestApi();
    expect(await (await fetch(`${url}/api/v1/health/live`)).json()).toEqual({ status: 'ok' });
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    api.drain();
    expect(await problemOf(await fetch(`${url}/health/ready`))).toMatchObject({ status: 503, code: 'server.stopping' });
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
  });

  it('of a full or stopping server are logged as refusals, those of a broken dependency as failures', async () => {
    const refusals = (['server.busy', 'server.stopping', 'lecture.busy', 'database.unavailable', 'internal'] as const).map((code) => new CodedError(code, 'No.'));
    const { url, logLines } = await startTestApi({ checkReadiness: async () => Promise.reject(refusals.shift() ?? new Error('one too many')) });
    for (let asked = 0; asked < 5; asked += 1) expect((await fetch(`${url}/health/ready`)).status).toBeGreaterThanOrEqual(500);
    expect(logLines.map(({ msg, code }) => [msg, code])).toEqual(expect.arrayContaining([['request.refused', 'server.busy'], ['request.refused', 'server.stopping'], ['request.refused', 'lecture.busy'], ['request.failed', 'database.unavailable'], ['request.failed', 'internal']]));
  });

  it('serve the OpenAPI document and the public keys', async () => {
    const { url } = await startTestApi();
    expect(await (await fetch(`${url}/api/v1/openapi.json`)).json()).toMatchObject({ openapi: '3.1.0', paths: { '/api/v1/live/join': { post: {} } } });
    expect(await (await fetch(`${url}/.well-known/jwks.json`)).json()).toMatchObject({ keys: [{ kty: 'EC' }] });
  });
});

describe('media', () => {
  it('comes from the media service, which receives the request', async () => {
    const seen: MediaRequest[] = [];
    const serve = async (request: MediaRequest): Promise<MediaResponse> => {
      seen.push(request);
      return { status: 206, headers: { 'Content-Type': 'video/mp4', 'Content-Range': 'bytes 0-3/9' }, body: Readable.from([Buffer.from('abcd')]) };
    };
    const { url } = await startTestApi({ media: { serve } });
    const response = await fetch(`${url}/media/tok.en/rec_1/camera/seg%201.m4s?_HLS_msn=3`, { headers: { range: 'bytes=0-3', 'if-none-match': '"x"' } });
    expect([response.status, await response.text(), response.headers.get('content-range')]).toEqual([206, 'abcd', 'bytes 0-3/9']);
    expect(seen[0]).toMatchObject({ token: 'tok.en', path: 'rec_1/camera/seg%201.m4s', query: { _HLS_msn: '3' }, method: 'GET', range: 'bytes=0-3', ifNoneMatch: '"x"' });
  });

  it('is refused with a problem document', async () => {
    const { url } = await startTestApi({ media: { serve: async () => Promise.reject(new CodedError('auth.expired', 'These URLs have expired.')) } });
    expect(await problemOf(await fetch(`${url}/media/t/a.m4s`))).toMatchObject({ status: 401, code: 'auth.expired' });
  });

  it('has the status of the problem table for every failure, and says when to retry', async () => {
    const codes = ['auth.invalid', 'access.denied', 'object.notFound', 'object.corrupt', 'disk.full', 'store.unavailable'] as const;
    const failures = codes.map((code) => new CodedError(code, 'No.'));
    const { url, logLines } = await startTestApi({ media: { serve: async () => Promise.reject(failures.shift() ?? new Error('one too many')) } });
    const responses = [];
    for (let index = 0; index < codes.length; index += 1) responses.push(await fetch(`${url}/media/t/a.m4s`));
    expect(responses.map(({ status }) => status)).toEqual(codes.map((code) => problemTable[code].status));
    expect(responses.map(({ headers }) => headers.get('retry-after'))).toEqual([null, null, null, null, null, '2']);
    expect(logLines.filter(({ msg }) => msg === 'request.failed')).toEqual([]);
    const bug = await fetch(`${url}/media/t/a.m4s`);
    expect([bug.status, logLines.filter(({ msg }) => msg === 'request.failed').length]).toEqual([500, 1]);
  });

  it('applies back-pressure for a slow client, and stops reading when the client disconnects', async () => {
    let produced = 0;
    const endless = new Readable({
      read() {
        produced += 65_536;
        this.push(Buffer.alloc(65_536));
      },
    });
    const serve = async (): Promise<MediaResponse> => ({ status: 200, headers: {}, body: endless });
    const { url, logLines } = await startTestApi({ media: { serve } });
    const socket = net.connect(Number(new URL(url).port), '127.0.0.1');
    socket.pause();
    socket.write('GET /media/t/endless HTTP/1.1\r\nHost: x\r\n\r\n');
    let before = -1;
    await until('the source to pause', () => {
      const isStill = produced > 0 && produced === before;
      before = produced;
      return isStill;
    });
    expect(produced).toBeLessThan(64 * 1024 * 1024);
    socket.destroy();
    await until('the source to be closed', () => endless.destroyed);
    expect(logLines.filter(({ msg }) => msg === 'request.failed')).toEqual([]);
  });
});

describe('pages', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'lectern-pages-'));
    await mkdir(path.join(folder, 'assets'));
    await writeFile(path.join(folder, 'index.html'), '<title>Lectern</title>');
    await writeFile(path.join(folder, 'assets', 'app-4f2a.js'), 'let x;');
    await writeFile(path.join(folder, 'assets', 'app-4f2a.js.br'), brotliCompressSync('let x;'));
    await writeFile(path.join(folder, '.secret'), 'hidden');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('are one document that is revalidated, with assets that are immutable', async () => {
    const { url } = await startTestApi({ pagesFolder: folder });
    const html = { headers: { accept: 'text/html' } };
    for (const page of ['/', '/courses/crs_1', '/setup?token=abc']) {
      const response = await fetch(`${url}${page}`, html);
      expect([response.status, response.headers.get('cache-control'), await response.text()]).toEqual([200, 'no-cache', '<title>Lectern</title>']);
    }
    const asset = await fetch(`${url}/assets/app-4f2a.js`, { headers: { 'accept-encoding': 'gzip, br' } });
    expect([asset.headers.get('content-encoding'), asset.headers.get('content-type'), await asset.text()]).toEqual(['br', 'text/javascript; charset=UTF-8', 'let x;']);
    const plain = await fetch(`${url}/assets/app-4f2a.js`, { headers: { 'accept-encoding': 'identity' } });
    expect([plain.headers.get('content-encoding'), plain.headers.get('vary'), await plain.text()]).toEqual([null, 'Accept-Encoding', 'let x;']);
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect((await fetch(`${url}/assets/gone.js`, html)).status).toBe(404);
    expect(await problemOf(await fetch(`${url}/assets/%E0%A4%A`))).toMatchObject({ status: 400, code: 'request.invalid' });
    expect((await fetch(`${url}/api/v1/nothing`, html)).status).toBe(404);
    expect(await (await fetch(`${url}/.secret`)).text()).not.toContain('hidden');
    expect((await fetch(`${url}/assets/..%2f..%2fetc/passwd`)).status).toBeGreaterThanOrEqual(400);
  });

  it.each(['/', '/assets/app-4f2a.js'])('that were pipelined leave no file open when the connection closes before their turn: %s', async (page) => {
    const { url } = await startTestApi({ pagesFolder: folder });
    const socket = net.connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined).resume();
    socket.write(`${`GET ${page} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(20)}what is this\r\n\r\n`);
    await once(socket, 'close');
    // Responses are sent in the order of the requests.
    expect((await fetch(`${url}${page}`)).status).toBe(200);
    await until('the files to be closed', () => openFiles().every((file) => !file.startsWith(folder)));
  });
});

function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return [];
    }
  });
}
