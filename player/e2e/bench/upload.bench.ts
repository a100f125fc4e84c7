// Uploads through the server beside `cat` to the same disk, and its memory while several large files arrive at once.
// LECTERN_BENCH_UPLOAD_MB and LECTERN_BENCH_UPLOADS set the size of a file and how many are sent at once.
import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { request } from 'node:http';
import path from 'node:path';
import { setInterval } from 'node:timers';
import { bench, processTree, totalCpuSeconds } from '#engine/testing';
import { TestServer } from '../TestServer.ts';

const mebibyte = 2 ** 20;
const fileMb = Number(process.env.LECTERN_BENCH_UPLOAD_MB ?? 1024);
const parallel = Number(process.env.LECTERN_BENCH_UPLOADS ?? 8);
const runs = 3;
const sampleMs = 250;

async function makeFile(file: string): Promise<void> {
  const handle = await open(file, 'w');
  const piece = Buffer.alloc(mebibyte, 'lectern');
  Buffer.from('\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41\0\0\0\0mdat', 'latin1').copy(piece);
  for (let written = 0; written < fileMb; written += 1) await handle.write(piece);
  await handle.close();
}

/** MB/s of `cat`, with the file on the disk at the end, as an upload has it. */
async function copyByCat(source: string, target: string): Promise<number> {
  const startedAt = performance.now();
  const child = spawn('sh', ['-c', 'cat "$0" > "$1" && sync "$1"', source, target], { stdio: 'inherit' });
  await new Promise<void>((resolve, reject) => child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`cat ended with ${code}`)))));
  const seconds = (performance.now() - startedAt) / 1000;
  await rm(target);
  return (fileMb * mebibyte) / 1e6 / seconds;
}

function send(url: string, { headers, method, file }: { headers: Record<string, string>; method: 'POST' | 'PATCH'; file?: string }): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (response) => {
      response.resume();
      if ((response.statusCode ?? 500) >= 300) reject(new Error(`HTTP ${response.statusCode}`));
      else response.once('end', () => resolve(response.headers.location ?? ''));
    });
    sent.on('error', reject);
    if (file === undefined) sent.end();
    else createReadStream(file, { highWaterMark: mebibyte }).pipe(sent);
  });
}

interface Sender {
  server: TestServer;
  courseId: string;
  file: string;
}

async function upload({ server, courseId, file }: Sender): Promise<void> {
  const bytes = String(fileMb * mebibyte);
  const common = { authorization: `Bearer ${server.admin.accessToken}`, 'tus-resumable': '1.0.0' };
  const metadata = `courseId ${Buffer.from(courseId).toString('base64')}`;
  const at = await send(`${server.url}/api/v1/content/uploads`, { method: 'POST', headers: { ...common, 'upload-length': bytes, 'upload-metadata': metadata } });
  await send(`${server.url}${at}`, { method: 'PATCH', file, headers: { ...common, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream', 'content-length': bytes } });
}

/** Of the server's own process, without its children. */
const residentMb = (server: TestServer) => processTree(server.process.pid ?? 0)[0]?.residentMb ?? 0;
const cpuSeconds = (server: TestServer) => totalCpuSeconds(processTree(server.process.pid ?? 0));

/** The most memory of the server during the uploads, in MB. */
async function peakMb(server: TestServer, task: () => Promise<unknown>): Promise<number> {
  let peak = 0;
  const sampler = setInterval(() => {
    peak = Math.max(peak, residentMb(server));
  }, sampleMs);
  await task().finally(() => clearInterval(sampler));
  return peak;
}

await bench('upload', async (report) => {
  const server = await TestServer.start({ settings: { LECTERN_LOG_LEVEL: 'warn' } });
  const folder = await mkdtemp(path.join(server.dataFolder, 'bench-'));
  try {
    const { id: courseId } = await server.admin.api.createCourse({ body: { title: 'Uploads' } });
    const file = path.join(folder, 'source.mp4');
    await makeFile(file);
    const sender = { server, courseId, file };
    const [copied, received, cpu]: [number[], number[], number[]] = [[], [], []];
    for (let run = 1; run <= runs; run += 1) {
      report.say(`run ${run} of ${runs}: ${fileMb} MB by cat, and through the server`);
      copied.push(await copyByCat(file, path.join(folder, 'copy.mp4')));
      const cpuBefore = cpuSeconds(server);
      const startedAt = performance.now();
      await upload(sender);
      const megabytes = (fileMb * mebibyte) / 1e6;
      received.push(megabytes / ((performance.now() - startedAt) / 1000));
      cpu.push((cpuSeconds(server) - cpuBefore) / (megabytes / 1000));
    }
    const fastest = Math.max(...copied);
    report.figure({ name: 'cat to the same disk', note: 'until the file is on the disk', unit: 'MB/s', samples: copied });
    report.figure({ name: `one file of ${fileMb} MB through the server`, note: 'tus, one request, SHA-256 while it arrives, until it is on the disk', unit: 'MB/s', samples: received, target: { of: 'median', is: 'atLeast', limit: Math.min(400, Math.round(fastest / 2)) } });
    report.figure({ name: 'CPU of the server', unit: 's/GB', samples: cpu });
    const before = residentMb(server);
    report.say(`${parallel} files of ${fileMb} MB at once`);
    const peak = await peakMb(server, () => Promise.all(Array.from({ length: parallel }, () => upload(sender))));
    report.figure({ name: `memory that ${parallel} uploads of ${fileMb} MB at once add`, note: 'the most, over the memory before; it does not grow with the size of the files', unit: 'MB', samples: [Math.max(0, peak - before)], target: { of: 'median', is: 'atMost', limit: 200 } });
  } finally {
    await server.close();
  }
});
