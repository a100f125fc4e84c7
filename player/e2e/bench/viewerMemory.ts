import type { BenchReport } from '#engine/testing';
import type { LectureId } from '#engine/contract';
import type { ViewerPool } from '../load/ViewerPool.ts';
import { memoryOf } from './cpuShares.ts';
import type { BenchServer } from './BenchServer.ts';

const steps = 4;
const viewersPerStep = 50;
/** Until the worker's retransmission buffers are full. */
const settleMs = 4000;

/** The memory of the worker and of Node for each further viewer, in MB, a sample for each step. */
export async function viewerMemory(report: BenchReport, { server, lectureId, pool }: { server: BenchServer; lectureId: LectureId; pool: ViewerPool }): Promise<void> {
  const inWorker: number[] = [];
  const inNode: number[] = [];
  let before = { node: NaN, workers: NaN };
  for (let step = 1; step <= steps; step += 1) {
    await pool.join(await server.viewers(lectureId, viewersPerStep), { group: 'memory', atOnce: 8 });
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    await server.collectGarbage();
    const now = memoryOf(server.pid);
    report.say(`${step * viewersPerStep} viewers: worker ${now.workers.toFixed(0)} MB, Node ${now.node.toFixed(0)} MB`);
    if (step > 1) {
      inWorker.push((now.workers - before.workers) / viewersPerStep);
      inNode.push((now.node - before.node) / viewersPerStep);
    }
    before = now;
  }
  const both = inWorker.map((mb, index) => mb + (inNode[index] ?? NaN));
  const note = `from ${viewersPerStep} to ${steps * viewersPerStep} viewers, after a garbage collection`;
  report.figure({ name: 'memory of worker and Node', unit: 'MB', samples: both, target: { of: 'median', is: 'atMost', limit: 0.3 }, note });
  report.figure({ name: 'memory of the worker alone', unit: 'MB', samples: inWorker });
  await pool.leave(steps * viewersPerStep, 'memory');
}
