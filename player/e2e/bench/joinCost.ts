import { median } from '#engine/testing';
import type { BenchReport } from '#engine/testing';
import type { LectureId } from '#engine/contract';
import { BareSfu } from '../load/BareSfu.ts';
import { LecternSignaling } from '../load/LecternSignaling.ts';
import type { ViewerAddress } from '../load/ViewerSignaling.ts';
import type { ViewerPool } from '../load/ViewerPool.ts';
import { cpuOf, preciseCpuSeconds } from './cpuShares.ts';
import type { BenchServer } from './BenchServer.ts';

/** One join is too short to be told from what else goes on. */
const joinsPerBatch = 10;
const batches = 10;
const idleMs = 1500;

interface Door {
  seats: () => Promise<ViewerAddress[]>;
  /** Of the worker and the Node process behind the door, so far. */
  cpuSeconds: () => number;
}

interface JoinMeans {
  hall: BenchServer;
  lectureId: LectureId;
  crowd: ViewerPool;
}

/**
 * CPU of worker and Node for each who joins a room in which others are already, from asking for a ticket to the first packets;
 * and of the same handshake and tracks with mediasoup alone, which tells how much the machine of the moment takes for it.
 */
export async function joinCost(report: BenchReport, { hall, lectureId, crowd }: JoinMeans): Promise<void> {
  const lectern: Door = {
    seats: () => hall.seats(lectureId, joinsPerBatch),
    cpuSeconds: () => {
      const { node, workers } = cpuOf(hall.pid);
      return node + workers;
    },
  };
  const connectedMs: number[] = [];
  for (const audience of [20, 170]) {
    const others = await sitDown(hall, lectureId, audience);
    await hall.admit(joinsPerBatch * batches);
    report.say(`joining ${audience} others`);
    const cost = await costOf(report, crowd, lectern);
    const note = `${audience} others in the room, means of ${joinsPerBatch} joins`;
    report.figure({ name: 'CPU of worker and Node per join', unit: 'ms', samples: cost.cpuMs, target: { of: 'median', is: 'atMost', limit: 6 }, note });
    connectedMs.push(...cost.connectedMs);
    for (const other of others) other.leave();
  }
  report.figure({ name: 'joining until the tracks are told to flow', unit: 'ms', samples: connectedMs, note: 'two at a time, by the load generator' });
  await bareJoinCost(report, { hall, lectureId, crowd });
}

async function bareJoinCost(report: BenchReport, { hall, lectureId, crowd }: JoinMeans): Promise<void> {
  const bare = await BareSfu.start();
  try {
    await crowd.join(await hall.seats(lectureId, 1), { group: 'relay', relay: bare.relay });
    report.say('joining mediasoup alone');
    const cost = await costOf(report, crowd, {
      seats: async () => bare.seats(joinsPerBatch),
      cpuSeconds: () => preciseCpuSeconds(bare.pid) + preciseCpuSeconds(bare.workerPid),
    });
    report.figure({ name: 'CPU per join with mediasoup alone', unit: 'ms', samples: cost.cpuMs, note: `worker and Node, without room, account and database; means of ${joinsPerBatch} joins` });
    await crowd.leave(1, 'relay');
  } finally {
    await bare.stop();
  }
}

async function sitDown(hall: BenchServer, lectureId: LectureId, count: number): Promise<LecternSignaling[]> {
  const others: LecternSignaling[] = [];
  for (const seat of await hall.seats(lectureId, count)) if (seat.kind === 'lectern') others.push(await LecternSignaling.enter(seat.baseUrl, seat.ticket));
  return others;
}

async function costOf(report: BenchReport, crowd: ViewerPool, door: Door): Promise<{ cpuMs: number[]; connectedMs: number[] }> {
  const cpuMs: number[] = [];
  const connectedMs: number[] = [];
  // The first batch warms up what is compiled when it is first used.
  for (let batch = 0; batch <= batches; batch += 1) {
    const cost = await joinBatch(crowd, door);
    await crowd.leave(joinsPerBatch, 'joining');
    if (batch === 0) continue;
    cpuMs.push(cost.cpuMs);
    connectedMs.push(...cost.connectedMs);
    report.say(`batch ${batch} of ${batches}: ${cost.cpuMs.toFixed(1)} ms of CPU a join, ${median(cost.connectedMs).toFixed(0)} ms until connected`);
  }
  return { cpuMs, connectedMs };
}

async function joinBatch(crowd: ViewerPool, door: Door): Promise<{ cpuMs: number; connectedMs: number[] }> {
  let connectedMs: number[] = [];
  const idleBefore = await idleShare(door);
  const busy = await used(door, async () => {
    connectedMs = await crowd.join(await door.seats(), { group: 'joining', atOnce: 2 });
  });
  const idleAfter = await idleShare(door);
  const idleSeconds = ((idleBefore + idleAfter) / 2) * busy.seconds;
  return { cpuMs: ((busy.cpuSeconds - idleSeconds) * 1000) / joinsPerBatch, connectedMs };
}

async function idleShare(door: Door): Promise<number> {
  const { cpuSeconds, seconds } = await used(door, () => new Promise((resolve) => setTimeout(resolve, idleMs)));
  return cpuSeconds / seconds;
}

async function used({ cpuSeconds }: Door, during: () => Promise<void>): Promise<{ cpuSeconds: number; seconds: number }> {
  const before = cpuSeconds();
  const startedAtMs = performance.now();
  await during();
  return { cpuSeconds: cpuSeconds() - before, seconds: (performance.now() - startedAtMs) / 1000 };
}
