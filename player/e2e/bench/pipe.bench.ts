// What a lecture that reaches another worker costs, and what its viewers there notice: beside viewers on the worker of the
// publisher, in turn, so that other load on the machine affects both.
import { setTimeout as sleep } from 'node:timers/promises';
import { bench, percentile } from '#engine/testing';
import type { BenchReport } from '#engine/testing';
import { ViewerPool } from '../load/ViewerPool.ts';
import { BenchServer } from './BenchServer.ts';
import { cpuOf, memoryOf } from './cpuShares.ts';

const gentle = { videoKbps: 1500, sizePx: '1280x720', seconds: 20 } as const;
const rounds = 8;
const measureMs = 5000;
const joins = 40;
/** Until retransmission buffers are full. */
const settleMs = 5000;
/** How much later the p95 of a piped viewer may be. */
const laterByMs = 20;

interface Side {
  server: BenchServer;
  lectureId: Awaited<ReturnType<BenchServer['goLive']>>['lectureId'];
  pool: ViewerPool;
}

async function openSide(stack: AsyncDisposableStack, homeShare: '0' | '1'): Promise<Side> {
  const server = stack.adopt(await BenchServer.open({ workers: 2, settings: { LECTERN_RTC_HOME_SHARE: homeShare } }), (it) => it.close());
  const pool = stack.adopt(ViewerPool.start(), (it) => it.close());
  const { lectureId } = await server.goLive('Lecture', gentle);
  return { server, lectureId, pool };
}

/** Share of a core that the workers use. */
async function workerShare({ server }: Side): Promise<number> {
  const [before, fromMs] = [cpuOf(server.pid).workers, performance.now()];
  await sleep(measureMs);
  return ((cpuOf(server.pid).workers - before) * 1000) / (performance.now() - fromMs);
}

async function measureCost(report: BenchReport, { direct, piped }: { direct: Side; piped: Side }): Promise<void> {
  const sides = [direct, piped];
  const emptyMb = sides.map(({ server }) => memoryOf(server.pid).workers);
  for (const { server, lectureId, pool } of sides) await pool.join(await server.viewers(lectureId, 1));
  await sleep(settleMs);
  const [ofDirectMb = NaN, ofPipedMb = NaN] = sides.map(({ server }, side) => memoryOf(server.pid).workers - (emptyMb[side] ?? NaN));
  const costs: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const [ofDirect, ofPiped] = [await workerShare(direct), await workerShare(piped)];
    costs.push(ofPiped - ofDirect);
    report.say(`round ${round} of ${rounds}: ${(ofPiped * 100).toFixed(2)} % of a core with a pipe, ${(ofDirect * 100).toFixed(2)} % without`);
  }
  report.figure({ name: 'CPU of a lecture on another worker: its pipes, both workers', unit: 'core', samples: costs, note: '720p30 at 1.5 Mbps and Opus, one viewer each' });
  report.figure({ name: 'memory of a lecture on another worker: its pipes, both workers', unit: 'MB', samples: [ofPipedMb - ofDirectMb] });
}

/** Each side has a viewer already: the pipes are open. */
async function measureJoins(report: BenchReport, { direct, piped }: { direct: Side; piped: Side }): Promise<void> {
  const joinOnce = async ({ server, lectureId, pool }: Side) => {
    const [connectedMs = NaN] = await pool.join(await server.viewers(lectureId, 1), { group: 'joining' });
    await pool.leave(1, 'joining');
    return connectedMs;
  };
  // Code is compiled at its first use.
  for (const side of [direct, piped]) for (let join = 0; join < 5; join += 1) await joinOnce(side);
  const [ofDirect, ofPiped]: [number[], number[]] = [[], []];
  for (let join = 0; join < joins; join += 1) {
    ofDirect.push(await joinOnce(direct));
    ofPiped.push(await joinOnce(piped));
  }
  report.figure({ name: 'joining until the tracks are resumed, direct viewer', unit: 'ms', samples: ofDirect, note: 'by the load generator' });
  report.figure({ name: 'joining until the tracks are resumed, piped viewer', unit: 'ms', samples: ofPiped, note: 'by the load generator' });
  const later = percentile(ofPiped, 0.95) - percentile(ofDirect, 0.95);
  report.figure({ name: 'joining: p95 of a piped viewer later than of a direct one', unit: 'ms', samples: [later], target: { of: 'median', is: 'atMost', limit: laterByMs } });
}

await bench('another worker', async (report) => {
  await using stack = new AsyncDisposableStack();
  const sides = { direct: await openSide(stack, '1'), piped: await openSide(stack, '0') };
  await measureCost(report, sides);
  await measureJoins(report, sides);
});
