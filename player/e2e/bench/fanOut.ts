import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchReport } from '#engine/testing';
import type { LectureId } from '#engine/contract';
import type { ViewerPool } from '../load/ViewerPool.ts';
import { busySecondsOfMachine, cpuOf, preciseCpuSeconds } from './cpuShares.ts';
import type { BenchServer } from './BenchServer.ts';

const firstStep = 100;
const nextSteps = 50;
const settleMs = 1500;
const measureMs = 5000;
/** A ramp without a limit ends after so long. */
const rampLimitMs = 105_000;
const tolerableShare = 0.01;
const turns = 3;
/** A thread that is busier has no headroom for a burst. */
const saturatedShare = 0.92;
/** Cores that other programs may use before they are the limit. */
const quietCores = 0.25;

export interface Ramp {
  /** The largest number of viewers with at most one percent of lost or late packets. */
  viewers: number;
  limitedBy: string;
  mbpsPerCore: number[];
  packetsPerCore: number[];
}

interface Step {
  viewers: number;
  badShare: number;
  worstDelayMs: number;
  mbps: number;
  packetsPerSecond: number;
  workerCores: number;
  nodeCores: number;
  generatorCores: number;
  machineCores: number;
}

/** Adds viewers to the lectures in turn until too many packets are late or lost. */
export async function ramp(report: BenchReport, { server, workers, lectures, pool }: { server: BenchServer; workers: number; lectures: readonly LectureId[]; pool: ViewerPool }): Promise<Ramp> {
  const startedAtMs = performance.now();
  const found: Ramp = { viewers: 0, limitedBy: 'the time limit', mbpsPerCore: [], packetsPerCore: [] };
  let viewers = 0;
  while (performance.now() - startedAtMs < rampLimitMs) {
    const more = viewers === 0 ? firstStep : nextSteps;
    for (const lectureId of lectures) await pool.join(await server.viewers(lectureId, more / lectures.length), { atOnce: 10 });
    viewers += more;
    await sleep(settleMs);
    const step = await steadyStep(report, () => measureStep(server, pool, viewers));
    found.mbpsPerCore.push(step.mbps / step.workerCores);
    found.packetsPerCore.push(step.packetsPerSecond / step.workerCores);
    if (step.badShare > tolerableShare) return { ...found, limitedBy: limitOf(step, workers) };
    found.viewers = viewers;
  }
  return found;
}

/** Other load on the machine may spoil one measurement, not three. */
async function steadyStep(report: BenchReport, measure: () => Promise<Step>): Promise<Step> {
  let best: Step | undefined;
  for (let turn = 1; turn <= turns && (best === undefined || best.badShare > tolerableShare); turn += 1) {
    const step = await measure();
    report.say(describe(step));
    if (best === undefined || step.badShare < best.badShare) best = step;
  }
  if (!best) throw new Error('nothing was measured');
  return best;
}

async function measureStep(server: BenchServer, pool: ViewerPool, viewers: number): Promise<Step> {
  const reading = () => ({ own: cpuOf(server.pid), generator: preciseCpuSeconds(pool.pid), machine: busySecondsOfMachine(), atMs: performance.now() });
  let before = reading();
  let after = before;
  const { packets, bytes, lost, late, worstDelayMs } = await pool.measure(async () => {
    before = reading();
    await sleep(measureMs);
    after = reading();
  });
  const seconds = (after.atMs - before.atMs) / 1000;
  return {
    viewers,
    badShare: (lost + late) / (packets + lost),
    worstDelayMs,
    mbps: (bytes * 8) / 1e6 / seconds,
    packetsPerSecond: packets / seconds,
    workerCores: (after.own.workers - before.own.workers) / seconds,
    nodeCores: (after.own.node - before.own.node) / seconds,
    generatorCores: (after.generator - before.generator) / seconds,
    machineCores: (after.machine - before.machine) / seconds,
  };
}

function describe(step: Step): string {
  const cores = `cores: workers ${step.workerCores.toFixed(2)}, Node ${step.nodeCores.toFixed(2)}, generator ${step.generatorCores.toFixed(2)}, machine ${step.machineCores.toFixed(2)}`;
  return `${step.viewers} viewers: ${step.mbps.toFixed(0)} Mbps, ${(step.badShare * 100).toFixed(2)} % late or lost (worst ${step.worstDelayMs.toFixed(0)} ms); ${cores}`;
}

function limitOf(step: Step, workers: number): string {
  const { workerCores, nodeCores, generatorCores, machineCores } = step;
  const others = Math.max(0, machineCores - workerCores - nodeCores - generatorCores);
  const busy = `cores: workers ${workerCores.toFixed(2)}, generator ${generatorCores.toFixed(2)}, other programs ${others.toFixed(2)}`;
  if (workerCores / workers > saturatedShare) return `the worker (${busy})`;
  if (generatorCores > saturatedShare) return `the load generator (${busy})`;
  return others > quietCores ? `other programs on the machine (${busy})` : `the machine, which the generator shares (${busy})`;
}
