import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';
import path from 'node:path';
import { UserId } from '#engine/contract';
import { bench, mongoServers, percentile, tokenSignerOf, until } from '#engine/testing';
import type { BenchReport } from '#engine/testing';
import { SyntheticEncoder } from '../../demo/SyntheticEncoder.ts';
import { Classroom } from '../Classroom.ts';
import { isMoving } from '../mediaProbes.ts';
import { frameClockFilter, frameDelaysMs } from './frameClock.ts';
import { makeLargeSite } from './largeSite.ts';
import { recordLecture } from './recordLecture.ts';

const accounts = 10_000;
const courses = 1000;
const videos = 100_000;
/** Requests a second to the whole API, one kind after the other in turn. */
const requestsPerSecond = 50;
const loadSeconds = 22;
const rounds = 3;
const warmUpSeconds = 5;
const frames = 600;
/** Until the jitter buffer has settled after the start of the stream. */
const settleMs = 10_000;
const answerLimitMs = 50;
const worseLimitMs = 10;
const root = path.resolve(import.meta.dirname, '../../..');

interface Asked {
  name: string;
  url(turn: number): string;
  token(turn: number): string;
}

/** Resolves with the milliseconds until the whole response was read. */
function timedGet({ url, token }: { url: URL; token: string }, agent: Agent): Promise<number> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    request(url, { agent, headers: { authorization: `Bearer ${token}` } }, (response) => {
      if (response.statusCode !== 200) return reject(new Error(`${url.pathname}: ${response.statusCode}`));
      response.on('end', () => resolve(performance.now() - startedAt)).on('error', reject).resume();
    }).on('error', reject).end();
  });
}

/** Sends requests at a fixed rate, however long the answers take. Resolves with the times of each kind. */
async function sendAtRate(baseUrl: string, kinds: readonly Asked[], seconds: number): Promise<Map<string, number[]>> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const times = new Map(kinds.map(({ name }) => [name, [] as number[]]));
  const startedAt = performance.now();
  const pending: Promise<unknown>[] = [];
  for (let turn = 0; turn < seconds * requestsPerSecond; turn += 1) {
    const kind = kinds[turn % kinds.length] as Asked;
    const dueMs = startedAt + (turn * 1000) / requestsPerSecond - performance.now();
    if (dueMs > 0) await new Promise((resolve) => setTimeout(resolve, dueMs));
    pending.push(timedGet({ url: new URL(kind.url(turn), baseUrl), token: kind.token(turn) }, agent).then((ms) => times.get(kind.name)?.push(ms)));
  }
  await Promise.all(pending);
  agent.destroy();
  return times;
}

/** The API and a live lecture of a site of this size, on one database. */
async function measure(report: BenchReport, classroom: Classroom, { database, kinds }: { database: string; kinds: readonly Asked[] }): Promise<void> {
  const lectureId = await classroom.startLecture();
  const room = await classroom.openPage(await classroom.student('Mateo'), `/live/${lectureId}`);
  const encoder = new SyntheticEncoder({ url: await classroom.streamUrl(), profile: 'advised', videoFilter: frameClockFilter() });
  await until('the video of the encoder', () => isMoving(room), 30_000);
  await room.waitForTimeout(settleMs);
  await sendAtRate(classroom.url, kinds, warmUpSeconds);
  const times = new Map(kinds.map(({ name }) => [name, [] as number[]]));
  const [alone, busy]: [number[], number[]] = [[], []];
  // In turn: the jitter buffer of the browser changes its length within minutes, also without any load.
  for (let round = 0; round < rounds; round += 1) {
    alone.push(...(await frameDelaysMs(room, frames)));
    const [answers, delays] = await Promise.all([sendAtRate(classroom.url, kinds, loadSeconds), frameDelaysMs(room, frames)]);
    busy.push(...delays);
    for (const [name, samples] of answers) times.get(name)?.push(...samples);
  }
  await encoder.stop();
  for (const [name, samples] of times) {
    report.figure({ name: `${database}: ${name}`, unit: 'ms', samples, target: { of: 'p99', is: 'atMost', limit: answerLimitMs } });
  }
  report.figure({ name: `${database}: glass to glass of a lecture, alone`, unit: 'ms', samples: alone });
  report.figure({ name: `${database}: glass to glass of a lecture, with ${requestsPerSecond} requests a second`, unit: 'ms', samples: busy });
  const worse = percentile(busy, 0.95) - percentile(alone, 0.95);
  report.figure({ name: `${database}: of that, p95 worse than alone`, unit: 'ms', samples: [worse], target: { of: 'median', is: 'atMost', limit: worseLimitMs } });
  await classroom.ada.api.endLecture({ params: { lectureId } });
  await room.close();
}

/** Requests of students, and searches of an administrator. */
async function kindsOf(classroom: Classroom, people: readonly { userId: string; loginId: string }[], videoId: string): Promise<Asked[]> {
  const signer = await tokenSignerOf(classroom.dataFolder);
  const students = people.slice(0, 500).map(({ userId, loginId }) => signer.sign('access', { userId: UserId.parse(userId), roles: ['student'], loginId, generation: 1 }, 3600));
  const student = (turn: number) => students[turn % students.length] ?? '';
  const { courseId } = classroom;
  await classroom.ada.logIn();
  const admin = classroom.ada.accessToken ?? '';
  return [
    { name: 'profile', url: () => '/api/v1/users/profile', token: student },
    { name: 'my courses', url: () => '/api/v1/courses', token: student },
    { name: 'course page', url: (turn) => (turn % 2 === 0 ? `/api/v1/courses/${courseId}` : `/api/v1/courses/${courseId}/lectures`), token: student },
    { name: 'search for people', url: (turn) => `/api/v1/users?search=person${(turn * 7919) % accounts}`, token: () => admin },
    { name: 'playback start', url: () => `/api/v1/content/${videoId}/stream`, token: student },
  ];
}

await bench('a department', async (report) => {
  const classroom = await Classroom.open({ settings: { LECTERN_LOG_LEVEL: 'warn' } });
  const server = mongoServers.find(({ url }) => url !== undefined);
  try {
    await classroom.student('Noor');
    const { videoId } = await recordLecture(classroom);
    report.say(`adding ${accounts} accounts, ${courses} courses and ${videos} videos`);
    await classroom.server.stop();
    const people = makeLargeSite({ dataFolder: classroom.dataFolder, accounts, courses, videos, videosWithSegments: 0 });
    const target = server?.url && `${server.url}lectern_bench_${randomBytes(4).toString('hex')}`;
    if (target) {
      report.say(`copying them to ${server.name}`);
      execFileSync(process.execPath, ['engine/kernel/database/carry/carry.ts'], { cwd: root, env: { ...process.env, LECTERN_DATA_DIR: classroom.dataFolder, LECTERN_DATABASE_URL: target }, stdio: 'inherit' });
    }
    await classroom.restart();
    await measure(report, classroom, { database: 'embedded database', kinds: await kindsOf(classroom, people, videoId) });
    if (!target) return report.say('NOT MEASURED: no server that speaks MongoDB’s protocol is set');
    await classroom.server.stop();
    await classroom.restart({ settings: { LECTERN_DATABASE_URL: target } });
    await measure(report, classroom, { database: server.name, kinds: await kindsOf(classroom, people, videoId) });
  } finally {
    await classroom.close();
  }
});
