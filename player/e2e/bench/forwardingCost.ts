import type { BenchReport } from '#engine/testing';
import type { LectureId } from '#engine/contract';
import { BareSfu } from '../load/BareSfu.ts';
import type { ViewerPool } from '../load/ViewerPool.ts';
import { cpuOf, preciseCpuSeconds } from './cpuShares.ts';
import type { BenchServer } from './BenchServer.ts';

const viewers = 60;
const rounds = 8;
const measureMs = 5000;
/** The keyframe that those who were paused wait for, and the first burst. */
const settleMs = 1500;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

interface Side {
  group: string;
  cpuSeconds: () => number;
  /** Packets its worker sends to others than the group. */
  otherPackets: (during: () => Promise<void>) => Promise<number>;
}

/**
 * CPU of the worker for each packet it sends, beside mediasoup alone with the same packets: a viewer of the lecture hands
 * what it gets to the other server. They take turns, so that what else the machine does falls on both.
 */
export async function forwardingCost(report: BenchReport, { hall, lectureId, crowd }: { hall: BenchServer; lectureId: LectureId; crowd: ViewerPool }): Promise<void> {
  const bare = await BareSfu.start();
  try {
    await crowd.join(await hall.seats(lectureId, 1), { group: 'relay', relay: bare.relay });
    await crowd.join(bare.seats(viewers), { group: 'bare', atOnce: 8 });
    await crowd.setPaused(true, 'bare');
    await crowd.join(await hall.seats(lectureId, viewers), { group: 'lectern', atOnce: 8 });
    await crowd.setPaused(true, 'lectern');
    const lectern: Side = {
      group: 'lectern',
      cpuSeconds: () => cpuOf(hall.pid).workers,
      otherPackets: async (during) => (await crowd.measure(during, 'relay')).packets,
    };
    const alone: Side = { group: 'bare', cpuSeconds: () => preciseCpuSeconds(bare.workerPid), otherPackets: (during) => during().then(() => 0) };
    const ratios: number[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      const ours = await microsecondsPerPacket(crowd, lectern);
      const theirs = await microsecondsPerPacket(crowd, alone);
      ratios.push((100 * ours) / theirs);
      report.say(`round ${round} of ${rounds}: ${ours.toFixed(2)} µs a packet, mediasoup alone ${theirs.toFixed(2)} µs`);
    }
    const note = `worker, ${viewers} viewers, ${rounds} rounds in turn`;
    report.figure({ name: 'CPU per packet beside mediasoup alone', unit: '%', samples: ratios, target: { of: 'median', is: 'atMost', limit: 105 }, note });
    await crowd.leave(viewers, 'lectern');
    await crowd.leave(viewers, 'bare');
    await crowd.leave(1, 'relay');
  } finally {
    await bare.stop();
  }
}

async function microsecondsPerPacket(crowd: ViewerPool, { group, cpuSeconds, otherPackets }: Side): Promise<number> {
  await crowd.setPaused(false, group);
  await pause(settleMs);
  let usedSeconds = NaN;
  let others = 0;
  const { packets } = await crowd.measure(async () => {
    others = await otherPackets(async () => {
      const before = cpuSeconds();
      await pause(measureMs);
      usedSeconds = cpuSeconds() - before;
    });
  }, group);
  await crowd.setPaused(true, group);
  return (usedSeconds * 1e6) / (packets + others);
}
