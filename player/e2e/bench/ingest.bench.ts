import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bench } from '#engine/testing';
import type { BenchReport } from '#engine/testing';
import { CopiedEncoder, makeSource } from '../load/CopiedEncoder.ts';
import { ViewerPool } from '../load/ViewerPool.ts';
import { BenchServer } from './BenchServer.ts';
import type { BenchLecture } from './BenchServer.ts';
import { measureUse } from './measureUse.ts';
import type { Use } from './measureUse.ts';
import { MediaMtx } from './MediaMtx.ts';

const lectures = 8;
const source = { videoKbps: 1500, sizePx: '1280x720', seconds: 20 } as const;
/** Longer than the WebRTC feed is made without a viewer. */
const unwatchedAfterMs = 40_000;
const settleMs = 10_000;

/** What one of the lectures costs beyond the idle server. */
function addFigures(report: BenchReport, { name, use, idle, maxCores, maxMb }: { name: string; use: Use; idle: Use; maxCores?: number; maxMb?: number }): void {
  const each = (samples: readonly number[], base: readonly number[]) => samples.map((sample) => (sample - Math.min(...base)) / lectures);
  const atMost = (limit: number | undefined) => (limit === undefined ? {} : { target: { of: 'median' as const, is: 'atMost' as const, limit } });
  const note = `one of ${lectures} lectures, 720p30 at 1.5 Mbps, beyond the idle server`;
  report.figure({ name: `CPU, ${name}`, unit: 'core', samples: each(use.cores, idle.cores), note, ...atMost(maxCores) });
  report.figure({ name: `memory, ${name}`, unit: 'MB', samples: each(use.residentMb, idle.residentMb), note, ...atMost(maxMb) });
}

async function measureLectern(report: BenchReport): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const server = stack.adopt(await BenchServer.open(), (it) => it.close());
  await sleep(settleMs);
  const idle = await measureUse(server.pid);
  const opened: BenchLecture[] = [];
  for (let index = 0; index < lectures; index += 1) opened.push(await server.goLive(`Lecture ${index}`, source));
  report.say('unwatched');
  await sleep(unwatchedAfterMs);
  addFigures(report, { name: 'RTMP with recording, unwatched', use: await measureUse(server.pid), idle, maxCores: 0.012, maxMb: 20 });
  report.say('one viewer each');
  const pool = stack.adopt(ViewerPool.start(), (it) => it.close());
  for (const { lectureId } of opened) await pool.join(await server.viewers(lectureId, 1));
  await sleep(settleMs);
  addFigures(report, { name: 'RTMP with recording, one viewer', use: await measureUse(server.pid), idle, maxCores: 0.03 });
}

async function measureMediaMtx(report: BenchReport, binary: string): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.adopt(mkdtempSync(path.join(tmpdir(), 'lectern-bench-')), (it) => rmSync(it, { recursive: true }));
  const file = path.join(folder, 'source.flv');
  await makeSource(file, source);
  const peer = stack.adopt(await MediaMtx.start(binary), (it) => it.close());
  await sleep(settleMs);
  const idle = await measureUse(peer.pid);
  for (let index = 0; index < lectures; index += 1) stack.adopt(new CopiedEncoder(file, `${peer.rtmpUrl}/lecture${index}`), (it) => it.stop());
  await sleep(unwatchedAfterMs);
  addFigures(report, { name: 'MediaMTX, RTMP with recording and HLS, unwatched', use: await measureUse(peer.pid), idle });
}

await bench('a lecture from an encoder', async (report) => {
  await measureLectern(report);
  const binary = process.env.LECTERN_BENCH_MEDIAMTX;
  if (binary) await measureMediaMtx(report, binary);
  else report.say('LECTERN_BENCH_MEDIAMTX is not set: measured without MediaMTX');
});
