import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchReport } from '#engine/testing';
import type { LectureId } from '#engine/contract';
import { BareSfu } from '../load/BareSfu.ts';
import type { ViewerPool } from '../load/ViewerPool.ts';
import { cpuOf, preciseCpuSeconds } from './cpuShares.ts';
import type { BenchServer } from './BenchServer.ts';

const viewers = 60;
const rounds = 8;
const measureMs = 5000;
/** For the keyframe that resumed viewers wait for, and the first burst. */
const settleMs = 1500;

interface Side {
  group: string;
  cpuSeconds: () => number;
  /** Packets that its worker sends to others than the group. */
  otherPackets: (during: () => Promise<void>) => Promise<number>;
}

/**
 * CPU of the worker for each packet that it sends, compared with mediasoup without Lectern, which gets the same packets from
 * a viewer of the lecture. They are measured in turn, so that other load on the machine affects both.
 */
export async function forwardingCost(report: BenchReport, { server, lectureId, pool }: { server: BenchServer; lectureId: LectureId; pool: ViewerPool }): Promise<void> {
  const bare = await BareSfu.start();
  try {
    await pool.join(await server.viewers(lectureId, 1), { group: 'relay', relay: bare.relay });
    await pool.join(bare.viewers(viewers), { group: 'bare', atOnce: 8 });
    await pool.setPaused(true, 'bare');
    await pool.join(await server.viewers(lectureId, viewers), { group: 'lectern', atOnce: 8 });
    await pool.setPaused(true, 'lectern');
    const lectern: Side = {
      group: 'lectern',
      cpuSeconds: () => cpuOf(server.pid).workers,
      otherPackets: async (during) => (await pool.measure(during, 'relay')).packets,
    };
    const alone: Side = { group: 'bare', cpuSeconds: () => preciseCpuSeconds(bare.workerPid), otherPackets: (during) => during().then(() => 0) };
    const ratios: number[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      const ours = await microsecondsPerPacket(pool, lectern);
      const theirs = await microsecondsPerPacket(pool, alone);
      ratios.push((100 * ours) / theirs);
      report.say(`round ${round} of ${rounds}: ${ours.toFixed(2)} µs a packet, bare mediasoup ${theirs.toFixed(2)} µs`);
    }
    const note = `worker, ${viewers} viewers, ${rounds} rounds in turn`;
    report.figure({ name: 'CPU per packet compared with bare mediasoup', unit: '%', samples: ratios, target: { of: 'median', is: 'atMost', limit: 105 }, note });
    await pool.leave(viewers, 'lectern');
    await pool.leave(viewers, 'bare');
    await pool.leave(1, 'relay');
  } finally {
    await bare.stop();
  }
}

async function microsecondsPerPacket(pool: ViewerPool, { group, cpuSeconds, otherPackets }: Side): Promise<number> {
  await pool.setPaused(false, group);
  await sleep(settleMs);
  let usedSeconds = NaN;
  let others = 0;
  const { packets } = await pool.measure(async () => {
    others = await otherPackets(async () => {
      const before = cpuSeconds();
      await sleep(measureMs);
      usedSeconds = cpuSeconds() - before;
    });
  }, group);
  await pool.setPaused(true, group);
  return (usedSeconds * 1e6) / (packets + others);
}
