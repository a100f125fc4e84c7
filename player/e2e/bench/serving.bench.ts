import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bench, processTree, totalCpuSeconds, until } from '#engine/testing';
import type { BenchReport } from '#engine/testing';
import { findNginx } from '../../../engine/setup/testPrograms.mjs';
import { Classroom } from '../Classroom.ts';
import { CopiedEncoder, makeSource } from '../load/CopiedEncoder.ts';

const lectureSeconds = 40;
const source = { videoKbps: 2500, sizePx: '1280x720', seconds: 20 } as const;
const viewers = 32;
const runs = 5;
const runMs = 5000;

interface Load {
  perSecond: number;
  megabytesPerSecond: number;
  /** CPU of the server for each gigabyte. */
  cpuSecondsPerGb: number;
}

/** Viewers that fetch one segment after the other over persistent connections. */
async function fetchSegments(urls: readonly URL[], serverPid: number): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: viewers });
  const cpuBefore = totalCpuSeconds(processTree(serverPid));
  const startedAt = performance.now();
  let [responses, bytes] = [0, 0];
  const view = async (offset: number) => {
    for (let index = offset; performance.now() - startedAt < runMs; index += 1) {
      const length = await fetchOne(urls[index % urls.length] as URL, agent);
      bytes += length;
      responses += 1;
    }
  };
  await Promise.all(Array.from({ length: viewers }, (_, viewer) => view(viewer)));
  const seconds = (performance.now() - startedAt) / 1000;
  const cpuSeconds = totalCpuSeconds(processTree(serverPid)) - cpuBefore;
  agent.destroy();
  return { perSecond: responses / seconds, megabytesPerSecond: bytes / 1e6 / seconds, cpuSecondsPerGb: cpuSeconds / (bytes / 1e9) };
}

function fetchOne(url: URL, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent }, (response) => {
      if (response.statusCode !== 200) return reject(new Error(`${url.pathname}: ${response.statusCode}`));
      let bytes = 0;
      response.on('data', (piece: Buffer) => (bytes += piece.length));
      response.on('end', () => resolve(bytes));
      response.on('error', reject);
    });
    sent.on('error', reject).end();
  });
}

/** The video segments of a recording, found by its playlists as a player does. */
async function segmentUrls(masterUrl: URL): Promise<URL[]> {
  const lines = async (url: URL) => (await (await fetch(url)).text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const [playlist] = await lines(masterUrl);
  const playlistUrl = new URL(playlist ?? '', masterUrl);
  return (await lines(playlistUrl)).map((line) => new URL(line, playlistUrl));
}

/** nginx with its defaults for files and one worker, serving the same segments. */
async function serveByNginx(program: string, folder: string, port: number): Promise<ChildProcess> {
  const conf = path.join(folder, 'nginx.conf');
  writeFileSync(
    conf,
    // As root, nginx changes to a user who may not read the folder.
    `${process.getuid?.() === 0 ? 'user root; ' : ''}daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log;\nevents { worker_connections 256; }\n` +
      // Its own folders for temporary files, even where it needs none, exist only where its package was installed.
      `http { ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')} access_log off; sendfile on; keepalive_requests 1000000; server { listen 127.0.0.1:${port}; root ${folder}/segments; } }\n`,
  );
  const child = spawn(program, ['-c', conf, '-p', folder], { stdio: 'ignore' });
  await until('nginx', () => fetch(`http://127.0.0.1:${port}/0.m4s`).then(({ ok }) => ok, () => false));
  return child;
}

function addFigures(report: BenchReport, name: string, loads: readonly Load[]): void {
  report.figure({ name: `${name}: responses`, unit: '/s', samples: loads.map(({ perSecond }) => perSecond) });
  report.figure({ name: `${name}: bytes`, unit: 'MB/s', samples: loads.map(({ megabytesPerSecond }) => megabytesPerSecond) });
  report.figure({ name: `${name}: CPU`, unit: 's/GB', samples: loads.map(({ cpuSecondsPerGb }) => cpuSecondsPerGb) });
}

await bench('serving segments from the folder store', async (report) => {
  const classroom = await Classroom.open({ settings: { LECTERN_LOG_LEVEL: 'warn' } });
  const folder = mkdtempSync(path.join(tmpdir(), 'lectern-bench-'));
  let nginx: ChildProcess | undefined;
  try {
    report.say(`recording ${lectureSeconds} s`);
    const lectureId = await classroom.startLecture();
    const file = path.join(folder, 'source.flv');
    await makeSource(file, source);
    const encoder = new CopiedEncoder(file, await classroom.streamUrl());
    await new Promise((resolve) => setTimeout(resolve, lectureSeconds * 1000));
    await encoder.stop();
    const { videoId } = await classroom.ada.api.endLecture({ params: { lectureId } });
    if (!videoId) throw new Error('the lecture was recorded');
    const { tracks } = await classroom.ada.api.getPlayback({ params: { videoId } });
    const urls = await segmentUrls(new URL(tracks[0]?.masterUrl ?? '', classroom.server.url));

    const pid = classroom.server.pid ?? 0;
    const ours: Load[] = [];
    const theirs: Load[] = [];
    const program = findNginx(process.env);
    if (program) {
      mkdirSync(path.join(folder, 'segments'));
      for (const [index, url] of urls.entries()) writeFileSync(path.join(folder, 'segments', `${index}.m4s`), Buffer.from(await (await fetch(url)).arrayBuffer()));
      nginx = await serveByNginx(program, folder, Number(new URL(classroom.server.url).port) + 1);
    } else report.say('nginx is not available: measured without it');
    const copies = urls.map((_, index) => new URL(`http://127.0.0.1:${Number(new URL(classroom.server.url).port) + 1}/${index}.m4s`));
    for (let run = 1; run <= runs; run += 1) {
      report.say(`run ${run} of ${runs}`);
      ours.push(await fetchSegments(urls, pid));
      if (nginx) theirs.push(await fetchSegments(copies, nginx.pid ?? 0));
    }
    addFigures(report, `Lectern, ${viewers} connections, every request authorised`, ours);
    if (nginx) addFigures(report, `nginx, one worker, ${viewers} connections`, theirs);
  } finally {
    nginx?.kill();
    rmSync(folder, { recursive: true });
    await classroom.close();
  }
});
