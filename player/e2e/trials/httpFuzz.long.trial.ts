import net from 'node:net';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect } from 'vitest';
import { routes } from '#api/contract';
import type { PlaybackView } from '#api/contract';
import { processTree, until } from '#engine/testing';
import type { Person } from '../../demo/Person.ts';
import { it } from '../classroomTest.ts';
import { badTokens } from './fuzz/badTokens.ts';
import { FuzzTarget } from './fuzz/FuzzTarget.ts';
import type { Tally } from './fuzz/Tally.ts';
import { exchange, judge, parsed } from './fuzz/httpExchange.ts';
import type { WireResponse } from './fuzz/httpExchange.ts';
import { runConcurrently } from './fuzz/runConcurrently.ts';
import { malformedHttp, statusesOf } from './fuzz/malformedHttp.ts';
import { inputsOf } from './fuzz/mutations.ts';
import { SlowClient } from './fuzz/SlowClient.ts';
import { attackedRoutes, headerInputs, isDocumented, pathInputs, routeInputs } from './fuzz/wireRequests.ts';
import type { RouteInput } from './fuzz/wireRequests.ts';
import { trialSeed } from './seededRandom.ts';
import { TrialReport } from './TrialReport.ts';
import { isLongRun, trialSize } from './trialSize.ts';

/** Inputs of the smallest family and round; in the long run all rounds of all families are 10^5. */
const share = trialSize({ short: 15, long: 3300 });
const slowClients = trialSize({ short: 30, long: 1000 });
const loginsAtOnce = trialSize({ short: 20, long: 500 });
/** libuv hashes four at a time, each in 19 MiB; the allocator keeps some of it. */
const hashingMb = 200;
/** For all hashes that the server queues, one after the other on a slow machine. */
const queueMs = 60_000;
const hugeBodyBytes = 2 ** 30;
/** What fits in the buffers of both ends of a connection. */
const mostSentBytes = 32 * 2 ** 20;
const concurrency = 6;

describe('fuzzed HTTP requests', () => {
  const seed = trialSeed('httpFuzz');
  const report = new TrialReport('httpFuzz');
  let lecture: FuzzTarget;
  let url: string;
  let callers: Person[];
  let known: Record<string, string[]>;
  let tokens: string[];
  let playback: PlaybackView;
  let turn = 0;

  it.beforeAll(async ({ browser }) => {
    lecture = await FuzzTarget.open({ browser });
    const { classroom, mallory, lectureId } = lecture;
    url = classroom.server.url;
    const trudy = await classroom.signUp('Trudy');
    const { id: userId } = await trudy.api.getProfile();
    await classroom.ada.api.setUserRoles({ params: { userId }, body: { roles: ['instructor', 'admin'] } });
    const attacked = await trudy.api.createCourse({ body: { title: 'Attacked', enrolmentPolicy: 'open' } });
    const planned = await trudy.api.scheduleLecture({ params: { courseId: attacked.id }, body: { title: 'Later' } });
    const target = await trudy.api.startLecture({ body: { courseId: attacked.id, title: 'Now' } });
    const { videoId } = await until('the recording', async () => {
      const view = await mallory.api.getLecture({ params: { lectureId } });
      return view.videoId === null ? undefined : view;
    });
    playback = await until('the replay', () => mallory.api.getPlayback({ params: { videoId: videoId ?? '' } }).catch(() => undefined));
    callers = [mallory, trudy, mallory];
    // An administrator may rightly lock out any account and end any lecture: those that the trial needs are not among them.
    const { id: peggy } = await (await classroom.student('Peggy')).api.getProfile();
    known = { usr: [peggy], crs: [classroom.courseId, attacked.id], lec: [target.id, planned.id], vid: [videoId ?? ''], lgn: ['lgn_00000000000000000000'], email: ['mallory@example.org', 'nobody@example.org'], password: ['a good password', 'wrong'] };
    tokens = [...await badTokens(classroom.dataFolder, mallory.accessToken ?? '')];
  });

  it.afterAll(() => lecture?.close());

  const next = <T>(of: readonly T[]): T => of[(turn += 1) % of.length] as T;
  const documented = (input: RouteInput) => (response: WireResponse) => isPage(response) || isDocumented(input, parsed(response.text));

  async function send(tally: Tally, input: RouteInput, how: { headers: Record<string, string>; isDocumented?: (response: WireResponse) => boolean }): Promise<void> {
    const request = { ...input.request, headers: { ...input.request.headers, ...how.headers }, from: `127.0.3.${((turn += 1) % 250) + 1}` };
    // Anyone may read which methods a path accepts.
    const isAllowed = request.method === 'OPTIONS' ? ({ status }: WireResponse) => status === 200 || status === 204 : (how.isDocumented ?? documented(input));
    try {
      judge(tally, request, { response: await exchange(url, request), isDocumented: isAllowed });
    } catch (error) {
      tally.inputs += 1;
      tally.defect(String(error), request);
    }
  }

  it('get coded errors for mutations of every request of the contract', () =>
    lecture.attack(report, 'mutated requests', async (tally) => {
      for (const caller of callers) await caller.logIn();
      await runConcurrently(concurrency, inputsOf(routeInputs(known), { seed, count: share * 8 }), async (input) => {
        const caller = next(callers);
        await send(tally, input, { headers: { authorization: `Bearer ${caller.accessToken ?? ''}` } });
      });
    }));

  it('are refused with invalid tokens', () =>
    lecture.attack(report, 'tokens', async (tally) => {
      const guarded = attackedRoutes.filter((name) => routes[name].auth !== 'none');
      await runConcurrently(concurrency, inputsOf(fc.tuple(routeInputs(known, guarded), fc.constantFrom(...tokens), fc.constantFrom('Bearer ', 'bearer  ', 'Basic ', '', 'Bearer')), { seed, count: share * 2 }), async ([input, token, scheme]) => {
        const authorization = Buffer.from(`${scheme}${token}`).toString('latin1').replace(/[^\x20-\x7e]/g, '?');
        await send(tally, input, { headers: { authorization }, isDocumented: () => false });
      });
    }));

  it('are served or refused with unusual headers', () =>
    lecture.attack(report, 'headers', async (tally) => {
      const paths = ['/', '/health/live', '/api/v1/setup', '/api/v1/users/refresh', '/socket.io/?EIO=4&transport=polling', ...playback.tracks.map(({ masterUrl }) => masterUrl), segmentOf(playback)];
      await runConcurrently(concurrency, inputsOf(fc.tuple(headerInputs, fc.constantFrom(...paths), fc.constantFrom('GET', 'GET', 'HEAD', 'POST')), { seed, count: share * 2 }), async ([headers, path, method]) => {
        const request = { method, path, headers: { host: 'lectern', ...latin(headers) } };
        try {
          judge(tally, request, { response: await exchange(url, request), isDocumented: () => true });
        } catch (error) {
          tally.inputs += 1;
          tally.defect(String(error), request);
        }
      });
    }));

  it('find no path out of the folders', () =>
    lecture.attack(report, 'paths', async (tally) => {
      const token = /\/media\/([^/]+)\//.exec(playback.tracks[0]?.masterUrl ?? '')?.[1] ?? '';
      await runConcurrently(concurrency, inputsOf(pathInputs([token, 'x', ...tokens.slice(-6)]), { seed, count: share }), async (path) => {
        const request = { method: 'GET', path: path.replace(/[^\x21-\x7e]/g, ''), headers: { host: 'lectern', accept: '*/*' } };
        const response = await exchange(url, request);
        judge(tally, request, { response, isDocumented: ({ text }) => !/root:|PRIVATE KEY|SQLite format/.test(text) });
      });
    }));

  it('are refused when they are malformed HTTP', () =>
    lecture.attack(report, 'malformed HTTP', async (tally) => {
      await runConcurrently(concurrency * 4, inputsOf(malformedHttp, { seed, count: share * 2 }), async (bytes) => {
        tally.inputs += 1;
        const statuses = await statusesOf(url, bytes);
        if (statuses.some((status) => status >= 500 && status !== 505)) tally.defect(`status ${statuses.join(', ')}`, bytes);
        else if (statuses.some((status) => status < 400)) tally.answered += 1;
        else tally.refused += 1;
      });
    }));

  it('are stopped long before the end of a huge body', () =>
    lecture.attack(report, 'huge bodies', async (tally) => {
      for (const how of ['declared', 'chunked'] as const) {
        tally.inputs += 1;
        const sentBytes = await pour(url, how);
        if (sentBytes < mostSentBytes) tally.refused += 1;
        else tally.defect(`accepted ${sentBytes} bytes`, how);
      }
      const bombs = [gzipSync(Buffer.alloc(50 * 2 ** 20)), Buffer.from(`${'['.repeat(120_000)}`), Buffer.from(`{"email":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}`)];
      for (const body of bombs) {
        const isPacked = body[0] === 0x1f;
        const request = { method: 'POST', path: '/api/v1/users/login', headers: { host: 'lectern', 'content-type': 'application/json', 'content-length': String(body.length), ...(isPacked && { 'content-encoding': 'gzip' }) }, body };
        judge(tally, 'a decompression bomb', { response: await exchange(url, request), isDocumented: () => false });
      }
    }));

  it('may be slow, or read nothing, without delaying others', () =>
    lecture.attack(report, 'slow clients', async (tally) => {
      const segment = segmentOf(playback);
      const master = playback.tracks[0]?.masterUrl ?? '/';
      // As many requests as the server answers on a connection, and more.
      const notReading = [segment, master].flatMap((path) => [8, 40].map((times) => () => SlowClient.notReading(url, path, times)));
      const kinds = [() => SlowClient.sendingHeaders(url), () => SlowClient.sendingBody(url), ...notReading];
      const clients: SlowClient[] = [];
      for (let index = 0; index < slowClients; index += 1) clients.push(await (kinds[index % kinds.length] ?? kinds[0]!)());
      tally.inputs += clients.length;
      // Meanwhile the server serves everyone else.
      await new Promise((resolve) => setTimeout(resolve, 1500));
      for (const client of clients) {
        if (client.isDisconnected) tally.refused += 1;
        else tally.answered += 1;
        client.close();
      }
    }));

  it('may all be logins at once', () =>
    lecture.attack(report, 'logins at once', async (tally) => {
      const residentMb = () => processTree(lecture.classroom.server.pid ?? 0)[0]?.residentMb ?? 0;
      const beforeMb = residentMb();
      let peakMb = beforeMb;
      const watch = setInterval(() => (peakMb = Math.max(peakMb, residentMb())), 20);
      await runConcurrently(loginsAtOnce, Array.from({ length: loginsAtOnce }, (_, index) => index), async (index) => {
        const body = JSON.stringify({ email: `nobody${index}@example.org`, password: 'wrong' });
        const request = { method: 'POST', path: '/api/v1/users/login', headers: { host: 'lectern', 'content-type': 'application/json', 'content-length': String(body.length) }, body, from: `127.0.4.${(index % 250) + 1}`, timeoutMs: queueMs };
        judge(tally, request, { response: await exchange(url, request), isDocumented: () => false });
      }).finally(() => clearInterval(watch));
      report.add({ family: 'memory of logins at once', inputs: loginsAtOnce, 'RSS before MB': Math.round(beforeMb), 'RSS at its peak MB': Math.round(peakMb) });
      if (isLongRun) expect(peakMb - beforeMb).toBeLessThan(hashingMb);
    }));
});

function isPage({ contentType }: WireResponse): boolean {
  return contentType.startsWith('text/html');
}

function segmentOf({ tracks }: PlaybackView): string {
  return (tracks[0]?.masterUrl ?? '').replace(/[^/]*$/, 'main-video/000000.m4s');
}

function latin(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?')]));
}

/** Sends an endless body until the server closes the connection; returns how many bytes were sent. */
function pour(url: string, how: 'declared' | 'chunked'): Promise<number> {
  const megabyte = Buffer.alloc(2 ** 20, ' ');
  return new Promise((resolve) => {
    const socket = net.connect(Number(new URL(url).port), '127.0.0.1');
    const length = how === 'declared' ? `Content-Length: ${hugeBodyBytes}` : 'Transfer-Encoding: chunked';
    socket.write(`POST /api/v1/courses HTTP/1.1\r\nHost: lectern\r\nContent-Type: application/json\r\n${length}\r\n\r\n`);
    const send = () => {
      while (!socket.destroyed && socket.bytesWritten < hugeBodyBytes) {
        const goesOn = how === 'declared' ? socket.write(megabyte) : socket.write(Buffer.concat([Buffer.from('100000\r\n'), megabyte, Buffer.from('\r\n')]));
        if (!goesOn) return void socket.once('drain', send);
      }
      socket.destroy();
    };
    socket.on('error', () => socket.destroy());
    socket.resume();
    socket.once('close', () => resolve(socket.bytesWritten - socket.writableLength));
    send();
  });
}
