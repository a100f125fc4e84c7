import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LectureId } from '#engine/contract';
import type { FlvTag } from '#engine/media';
import { until } from '#engine/testing';
import { handshakeBytes, readFlvFile, RtmpClient } from '../../../ingest/testing/index.ts';
import { pictureTimes } from '../flashTimes.ts';
import { longestPause } from '../frameWatch.ts';
import { FuzzTarget } from './fuzz/FuzzTarget.ts';
import type { Tally } from './fuzz/FuzzTarget.ts';
import { inLanes } from './fuzz/inLimit.ts';
import { times } from './fuzz/portions.ts';
import { amfBomb, damagedMedia, lies, mutatedBytes, noise, stalled, upTo } from './fuzz/rtmpInputs.ts';
import { trialSeed } from './fuzz/seed.ts';
import { seededRandom } from './seededRandom.ts';
import { TrialReport } from './TrialReport.ts';
import { trialSize } from './trialSize.ts';

/** Of each family and round; with two rounds each it is 10^3 and 10^5. */
const strangers = trialSize({ short: 340, long: 34_000 });
const keyHolders = trialSize({ short: 160, long: 16_000 });
const floodConnections = trialSize({ short: 5000, long: 50_000 });
const lanes = 8;
const courses = 4;
/** The server's own limits are 10 s and 15 s. */
const closedWithinMs = 20_000;
const acceptedWithinMs = 3000;
const encoderEveryMs = 500;
/** Of the connections that are tried; what did not come about is no input. */
const connectedShare = 0.99;
/** The picture comes 15 times a second. */
const recordedHoleMs = 200;

describe('enemies on the RTMP port of a server with a running lecture', () => {
  const seed = trialSeed();
  const chance = seededRandom(seed);
  const report = new TrialReport('rtmpFuzz');
  const startedMs = Date.now();
  let lecture: FuzzTarget;
  let port: number;
  let folder: string;
  let keys: string[];
  let tags: FlvTag[];
  let session: Buffer;
  let drips: Drip[];

  beforeAll(async () => {
    lecture = await FuzzTarget.open({ LECTERN_GRACE_SECONDS: '3600' });
    const { ada } = lecture.classroom;
    port = Number(lecture.classroom.settings.LECTERN_RTMP_PORT);
    folder = await mkdtemp(path.join(tmpdir(), 'lectern-enemies-'));
    keys = [];
    for (let course = 0; course < courses; course += 1) {
      const { id: courseId } = await ada.api.createCourse({ body: { title: `Arena ${course}`, enrolmentPolicy: 'open' } });
      await ada.api.startLecture({ body: { courseId, title: 'Arena', isRecorded: true } });
      keys.push((await ada.api.issueStreamKey({ params: { courseId } })).streamKey);
    }
    tags = await readFlvFile(await makeFlv(path.join(folder, 'good.flv')));
    session = await recordSession(port, { file: path.join(folder, 'good.flv'), key: keys[0] ?? '' });
    drips = Array.from({ length: 20 }, (_, index) => drip(port, `127.0.1.${index + 1}`));
  });

  afterAll(async () => {
    await lecture.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('come without a key: random bytes, handshakes that stall, headers that lie, AMF bombs', async () => {
    await lecture.endure(report, 'without a key', async (tally) => {
      await inLanes(lanes, times(strangers), async (index) => {
        const make = [noise, lies, amfBomb, (with_: typeof chance) => stalled(with_, keys[0] ?? '')][index % 4] ?? noise;
        await send(tally, { bytes: make(chance), from: `127.0.0.${2 + upTo(chance, 200)}` });
      });
      expectConnected(tally);
    });
  });

  it('come with a key of their own: damaged pictures and sounds, and a recorded session that was tampered with', async () => {
    await lecture.endure(report, 'with a key of another lecture', async (tally) => {
      // One lane for each key, so that nobody is refused for taking turns.
      await Promise.all(keys.map((key, lane) => inLanes(1, times(Math.ceil(keyHolders / courses)), async (index) => {
        const ownSession = Buffer.from(session.toString('latin1').replaceAll(keys[0] ?? '', key), 'latin1');
        const tampered = Buffer.concat([ownSession.subarray(0, 3073), mutatedBytes(chance, ownSession.subarray(3073))]);
        await send(tally, { bytes: index % 2 === 0 ? damagedMedia(chance, key, tags) : tampered, from: `127.0.0.${2 + lane}` });
      })));
      expectConnected(tally);
    });
  });

  it('come in thousands at once, and an encoder behind the same address gets in', async () => {
    const acceptedAfterMs: number[] = [];
    await lecture.endure(report, 'flood', async (tally) => {
      const floods: Socket[] = [];
      let isFlooding = true;
      const genuine = (async () => {
        for (let attempt = 0; isFlooding; attempt += 1) {
          acceptedAfterMs.push(await publishOnce(port, { key: keys[attempt % courses] ?? '', from: '127.0.0.2' }));
          await new Promise((resolve) => setTimeout(resolve, encoderEveryMs));
        }
      })();
      await inLanes(60, times(floodConnections), async (index) => {
        tally.tried += 1;
        const socket = connect({ port, host: '127.0.0.1', localAddress: `127.0.0.${2 + (index % 20)}` }).on('error', () => undefined);
        floods.push(socket);
        if (!(await isConnected(socket))) return;
        if (index % 3 === 0) socket.write(handshakeBytes().subarray(0, 1 + upTo(chance, 1600)));
        tally.inputs += 1;
      });
      isFlooding = false;
      await genuine;
      tally.refused += floods.filter(({ destroyed }) => destroyed).length;
      for (const socket of floods) socket.destroy();
      expectConnected(tally);
    });
    report.add({ 'encoders let in during the flood': acceptedAfterMs.length, 'slowest (ms)': Math.round(Math.max(...acceptedAfterMs)) });
    expect(acceptedAfterMs.length).toBeGreaterThan(0);
    expect(Math.max(...acceptedAfterMs)).toBeLessThan(acceptedWithinMs);
  });

  it('drip one byte after the other, and are closed', async () => {
    for (const { connected, closed } of drips) {
      expect(await connected).toBe(true);
      expect(await closed).toBeLessThan(closedWithinMs);
    }
  });

  it('leave the recording of the lecture without a hole', async () => {
    const { classroom, lectureId } = lecture;
    const endedMs = Date.now();
    const { pictures, lectureStartMs } = await recordingOf(lectureId);
    const holeMs = longestPause(pictures.map((seconds) => lectureStartMs + seconds * 1000), Math.max(startedMs, lectureStartMs + 15_000), endedMs - 1000).pauseMs;
    report.add({ 'longest hole in the recording (ms)': Math.round(holeMs) });
    expect(holeMs).toBeLessThan(recordedHoleMs);
    expect(classroom.server.pid).toBeDefined();
  });

  async function recordingOf(lectureId: LectureId): Promise<{ pictures: number[]; lectureStartMs: number }> {
    const { classroom } = lecture;
    const { startedAt, videoId } = await classroom.endRecorded(lectureId);
    const { tracks } = await classroom.ada.api.getPlayback({ params: { videoId } });
    return { pictures: await pictureTimes(`${classroom.server.url}${tracks[0]?.masterUrl ?? ''}`), lectureStartMs: Date.parse(startedAt ?? '') };
  }

  /** Says it all, and waits until the server has closed the connection. */
  async function send(tally: Tally, { bytes, from }: { bytes: Buffer; from: string }): Promise<void> {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from }).on('error', () => undefined);
    tally.tried += 1;
    const closed = closeOf(socket).then(() => true);
    socket.resume().end(bytes);
    if (!(await isConnected(socket))) return;
    tally.inputs += 1;
    const isClosed = await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, closedWithinMs, false))]);
    if (isClosed) tally.refused += 1;
    else tally.defect('a connection that stays', bytes.subarray(0, 200).toString('hex'));
    socket.destroy();
  }
});

interface Drip {
  connected: Promise<boolean>;
  closed: Promise<number>;
}

/** False where it ends before it has come about. */
function isConnected(socket: Socket): Promise<boolean> {
  return Promise.race([new Promise<true>((resolve) => socket.once('connect', () => resolve(true))), closeOf(socket).then(() => false)]);
}

function expectConnected({ inputs, tried }: Tally): void {
  expect(tried).toBeGreaterThan(0);
  expect(inputs, 'connections that came about').toBeGreaterThanOrEqual(tried * connectedShare);
}

/** However it comes. */
function closeOf(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

function drip(port: number, localAddress: string): Drip {
  const openedMs = Date.now();
  const socket = connect({ port, host: '127.0.0.1', localAddress }).on('error', () => undefined);
  const connected = isConnected(socket);
  const bytes = handshakeBytes();
  let sent = 0;
  const timer = setInterval(() => socket.write(bytes.subarray(sent, (sent += 1))), 50);
  const closed = closeOf(socket).then(() => {
    clearInterval(timer);
    return Date.now() - openedMs;
  });
  return { connected, closed };
}

/** As an encoder does: connects, publishes, is accepted and goes. Resolves with how long that took, tries included. */
async function publishOnce(port: number, { key, from }: { key: string; from: string }): Promise<number> {
  const startedMs = performance.now();
  for (;;) {
    const client = await RtmpClient.connect(port, from).catch(() => undefined);
    if (!client) continue;
    client.handshake();
    client.connectApp('live');
    client.publish(key);
    const isAccepted = await until('an answer', () => client.received.includes('NetStream.Publish.Start') || client.socket.destroyed).then(() => client.received.includes('NetStream.Publish.Start'));
    client.close();
    if (isAccepted) return performance.now() - startedMs;
  }
}

const run = promisify(execFile);

async function makeFlv(file: string): Promise<string> {
  await run('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=15', '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000', '-t', '2'],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '0', '-g', '15', '-pix_fmt', 'yuv420p', '-b:v', '100k', '-c:a', 'aac', '-ac', '2', '-b:a', '64k', file],
  ]);
  return file;
}

/** What a real encoder says, taken down on its way. */
async function recordSession(port: number, { file, key }: { file: string; key: string }): Promise<Buffer> {
  const said: Buffer[] = [];
  const proxy = createServer((fromEncoder) => {
    const toServer = connect(port, '127.0.0.1').on('error', () => fromEncoder.destroy());
    fromEncoder.on('error', () => toServer.destroy()).on('data', (piece) => said.push(piece)).pipe(toServer).pipe(fromEncoder);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  await run('ffmpeg', ['-v', 'error', '-i', file, '-c', 'copy', '-flvflags', 'no_duration_filesize', '-f', 'flv', `rtmp://127.0.0.1:${(proxy.address() as AddressInfo).port}/live/${key}`]);
  proxy.close();
  return Buffer.concat(said);
}
