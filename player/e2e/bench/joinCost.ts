import { median } from '#engine/testing';
import type { BenchReport } from '#engine/testing';
import type { LectureId } from '#engine/contract';
import { LecternSeat } from '../load/LecternSeat.ts';
import type { ViewerCrowd } from '../load/ViewerCrowd.ts';
import { cpuOf } from './cpuShares.ts';
import type { LectureHall } from './LectureHall.ts';

/** One join is too short to be told from what else goes on. */
const joinsPerBatch = 10;
const batches = 10;
const idleMs = 2000;

interface Cost {
  cpuMs: number;
  connectedMs: number[];
}

/** CPU of worker and Node for each who joins a room in which others are already, from asking for a ticket to the first packets. */
export async function joinCost(report: BenchReport, { hall, lectureId, crowd }: { hall: LectureHall; lectureId: LectureId; crowd: ViewerCrowd }): Promise<void> {
  const connectedMs: number[] = [];
  for (const audience of [20, 170]) {
    const others = await sitDown(hall, lectureId, audience);
    await hall.admit(joinsPerBatch * batches);
    const costs: number[] = [];
    for (let batch = 1; batch <= batches; batch += 1) {
      const cost = await joinBatch(crowd, hall, lectureId);
      costs.push(cost.cpuMs);
      connectedMs.push(...cost.connectedMs);
      report.say(`batch ${batch} of ${batches}, ${audience} others: ${cost.cpuMs.toFixed(1)} ms of CPU a join, ${median(cost.connectedMs).toFixed(0)} ms until connected`);
      await crowd.leave(joinsPerBatch, 'joining');
    }
    const note = `${audience} others in the room, mean of ${joinsPerBatch} joins`;
    report.figure({ name: 'CPU of worker and Node per join', unit: 'ms', samples: costs, target: { of: 'median', is: 'atMost', limit: 6 }, note });
    for (const other of others) other.leave();
  }
  report.figure({ name: 'joining until the tracks are told to flow', unit: 'ms', samples: connectedMs, note: 'two at a time, by the load generator' });
}

async function sitDown(hall: LectureHall, lectureId: LectureId, count: number): Promise<LecternSeat[]> {
  const others: LecternSeat[] = [];
  for (const seat of await hall.seats(lectureId, count)) if (seat.kind === 'lectern') others.push(await LecternSeat.enter(seat.baseUrl, seat.ticket));
  return others;
}

async function joinBatch(crowd: ViewerCrowd, hall: LectureHall, lectureId: LectureId): Promise<Cost> {
  let connectedMs: number[] = [];
  const idleBefore = await idleShare(hall);
  const busy = await used(hall, async () => {
    connectedMs = await crowd.join(await hall.seats(lectureId, joinsPerBatch), { group: 'joining', atOnce: 2 });
  });
  const idleAfter = await idleShare(hall);
  const idleSeconds = ((idleBefore + idleAfter) / 2) * busy.seconds;
  return { cpuMs: ((busy.cpuSeconds - idleSeconds) * 1000) / joinsPerBatch, connectedMs };
}

async function idleShare(hall: LectureHall): Promise<number> {
  const { cpuSeconds, seconds } = await used(hall, () => new Promise((resolve) => setTimeout(resolve, idleMs)));
  return cpuSeconds / seconds;
}

async function used(hall: LectureHall, during: () => Promise<void>): Promise<{ cpuSeconds: number; seconds: number }> {
  const before = cpuOf(hall.pid);
  const startedAtMs = performance.now();
  await during();
  const after = cpuOf(hall.pid);
  return { cpuSeconds: after.node + after.workers - before.node - before.workers, seconds: (performance.now() - startedAtMs) / 1000 };
}
