import { median } from '#engine/testing';
import type { BenchReport } from '#engine/testing';
import type { LectureId } from '#engine/contract';
import { BareSfu } from '../load/BareSfu.ts';
import { LecternSignaling } from '../load/LecternSignaling.ts';
import type { ViewerAddress } from '../load/ViewerSignaling.ts';
import type { ViewerPool } from '../load/ViewerPool.ts';
import { cpuOf, preciseCpuSeconds } from './cpuShares.ts';
import type { BenchServer } from './BenchServer.ts';

/** A single join is too short to be measured. */
const joinsPerBatch = 10;
const batches = 10;
const idleMs = 1500;
const stormSize = 150;

interface Endpoint {
  viewers: () => Promise<ViewerAddress[]>;
  /** Of its worker and its Node process, so far. */
  cpuSeconds: () => number;
}

interface JoinOptions {
  server: BenchServer;
  lectureId: LectureId;
  pool: ViewerPool;
}

/**
 * CPU of worker and Node for each viewer that joins a room with others, from the request for a ticket to the first packets;
 * and for the same handshake and tracks with bare mediasoup, which shows how fast the machine is at the moment.
 */
export async function joinCost(report: BenchReport, { server, lectureId, pool }: JoinOptions): Promise<void> {
  const lectern: Endpoint = {
    viewers: () => server.viewers(lectureId, joinsPerBatch),
    cpuSeconds: () => {
      const { node, workers } = cpuOf(server.pid);
      return node + workers;
    },
  };
  const connectedMs: number[] = [];
  for (const audience of [20, 170]) {
    const others = await enterRoom(server, lectureId, audience);
    await server.addAccounts(joinsPerBatch * batches);
    report.say(`joining ${audience} others`);
    const cost = await costOf(report, pool, lectern);
    const note = `${audience} others in the room, means of ${joinsPerBatch} joins`;
    report.figure({ name: 'CPU of worker and Node per join', unit: 'ms', samples: cost.cpuMs, target: { of: 'median', is: 'atMost', limit: 6 }, note });
    connectedMs.push(...cost.connectedMs);
    for (const other of others) other.leave();
  }
  report.figure({ name: 'joining until the tracks are resumed', unit: 'ms', samples: connectedMs, note: 'two at a time, by the load generator' });
  report.say(`${stormSize} join at once`);
  const storm = await pool.join(await server.viewers(lectureId, stormSize), { group: 'storm', atOnce: stormSize });
  report.figure({ name: 'joining until the tracks are resumed, in a storm', unit: 'ms', samples: storm, note: `${stormSize} at once, by the load generator on the same machine` });
  await pool.leave(stormSize, 'storm');
  await bareJoinCost(report, { server, lectureId, pool });
}

async function bareJoinCost(report: BenchReport, { server, lectureId, pool }: JoinOptions): Promise<void> {
  const bare = await BareSfu.start();
  try {
    await pool.join(await server.viewers(lectureId, 1), { group: 'relay', relay: bare.relay });
    report.say('joining bare mediasoup');
    const cost = await costOf(report, pool, {
      viewers: async () => bare.viewers(joinsPerBatch),
      cpuSeconds: () => preciseCpuSeconds(bare.pid) + preciseCpuSeconds(bare.workerPid),
    });
    report.figure({ name: 'CPU per join with bare mediasoup', unit: 'ms', samples: cost.cpuMs, note: `worker and Node, without room, account and database; means of ${joinsPerBatch} joins` });
    await pool.leave(1, 'relay');
  } finally {
    await bare.stop();
  }
}

async function enterRoom(server: BenchServer, lectureId: LectureId, count: number): Promise<LecternSignaling[]> {
  const others: LecternSignaling[] = [];
  for (const address of await server.viewers(lectureId, count)) if (address.kind === 'lectern') others.push(await LecternSignaling.enter(address.baseUrl, address.ticket));
  return others;
}

async function costOf(report: BenchReport, pool: ViewerPool, endpoint: Endpoint): Promise<{ cpuMs: number[]; connectedMs: number[] }> {
  const cpuMs: number[] = [];
  const connectedMs: number[] = [];
  // The first batch warms up: code is compiled at its first use.
  for (let batch = 0; batch <= batches; batch += 1) {
    const cost = await joinBatch(pool, endpoint);
    await pool.leave(joinsPerBatch, 'joining');
    if (batch === 0) continue;
    cpuMs.push(cost.cpuMs);
    connectedMs.push(...cost.connectedMs);
    report.say(`batch ${batch} of ${batches}: ${cost.cpuMs.toFixed(1)} ms of CPU a join, ${median(cost.connectedMs).toFixed(0)} ms until connected`);
  }
  return { cpuMs, connectedMs };
}

async function joinBatch(pool: ViewerPool, endpoint: Endpoint): Promise<{ cpuMs: number; connectedMs: number[] }> {
  let connectedMs: number[] = [];
  const idleBefore = await idleShare(endpoint);
  const busy = await used(endpoint, async () => {
    connectedMs = await pool.join(await endpoint.viewers(), { group: 'joining', atOnce: 2 });
  });
  const idleAfter = await idleShare(endpoint);
  const idleSeconds = ((idleBefore + idleAfter) / 2) * busy.seconds;
  return { cpuMs: ((busy.cpuSeconds - idleSeconds) * 1000) / joinsPerBatch, connectedMs };
}

async function idleShare(endpoint: Endpoint): Promise<number> {
  const { cpuSeconds, seconds } = await used(endpoint, () => new Promise((resolve) => setTimeout(resolve, idleMs)));
  return cpuSeconds / seconds;
}

async function used({ cpuSeconds }: Endpoint, during: () => Promise<void>): Promise<{ cpuSeconds: number; seconds: number }> {
  const before = cpuSeconds();
  const startedAtMs = performance.now();
  await during();
  return { cpuSeconds: cpuSeconds() - before, seconds: (performance.now() - startedAtMs) / 1000 };
}
