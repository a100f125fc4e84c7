import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../testing/silentLogger.ts';
import { until } from '../../testing/until.ts';
import { InProcessBus } from '../bus/index.ts';
import { JobQueue } from './JobQueue.ts';
import type { JobRow } from './JobRow.ts';
import type { RunningJob } from './JobRun.ts';
import { leaseMs, pollIntervalMs } from './limits.ts';
import { JobBench, posterOf, posters } from './testing/JobBench.ts';

let bench: JobBench;
beforeEach(async () => {
  bench = await JobBench.open();
});
afterEach(() => bench.close());

type Run = (job: RunningJob<{ recordingId: string }>) => Promise<void>;

async function start(run: Run, { concurrency = 2, ...options }: { concurrency?: number; maxJobs?: number; queue?: JobQueue } = {}) {
  const worker = bench.worker(options);
  worker.handle({ kind: posters, concurrency, run });
  await worker.start();
  return worker;
}

/** A job that runs until it is stopped or released. */
function held() {
  const jobs: RunningJob<{ recordingId: string }>[] = [];
  const release = Promise.withResolvers<void>();
  const run: Run = async (job) => {
    jobs.push(job);
    await Promise.race([release.promise, new Promise((_, reject) => job.signal.addEventListener('abort', () => reject(job.signal.reason as Error)))]);
  };
  return { jobs, run, release: release.resolve };
}

const inState = (jobId: string, state: JobRow['state']) => until(`${state}`, async () => (await bench.row(jobId)).state === state);

describe('A worker', () => {
  it('runs a job as soon as it is added, and those that were there before', async () => {
    const before = await bench.queue.add(posters, posterOf('before'));
    const seen: string[] = [];
    await start(async ({ data, attempt, fence }) => void seen.push(`${data.recordingId} ${attempt} ${fence}`));
    await inState(before, 'done');
    await inState(await bench.queue.add(posters, posterOf('after')), 'done');
    expect(seen).toEqual(['before 1 1', 'after 1 1']);
  });

  it('runs no more jobs of a kind at once than it may, and no more in all', async () => {
    const { jobs, run, release } = held();
    const ids: string[] = [];
    for (const key of ['a', 'b', 'c', 'd', 'e']) ids.push(await bench.queue.add(posters, posterOf(key)));
    const [bounded, full] = [await start(run, { concurrency: 2 }), await start(run, { concurrency: 9, maxJobs: 1 })];
    await until('three', () => jobs.length === 3);
    bench.clock.advance(pollIntervalMs);
    await bench.queue.sweep();
    expect([bounded.runningCount, full.runningCount]).toEqual([2, 1]);
    release();
    for (const jobId of ids) await inState(jobId, 'done');
    expect(jobs.map(({ key }) => key).toSorted()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('tries a failed job again after its delay', async () => {
    const attempts: number[] = [];
    await start(async ({ attempt }) => {
      attempts.push(attempt);
      if (attempt < 3) throw new Error('not yet');
    });
    const jobId = await bench.queue.add(posters, posterOf('a'));
    for (const [index, delayMs] of [1000, 2000].entries()) {
      await until('the failure', async () => {
        const { state, attempts: begun } = await bench.row(jobId);
        return state === 'delayed' && begun === index + 1;
      });
      bench.clock.advance(delayMs + pollIntervalMs);
    }
    await inState(jobId, 'done');
    expect(attempts).toEqual([1, 2, 3]);
  });

  it('keeps a long job by its heartbeats, which carry its progress', async () => {
    const { jobs, run, release } = held();
    await start(run);
    await start(run);
    const jobId = await bench.queue.add(posters, posterOf('a'));
    await until('the job', () => jobs.length === 1);
    for (let minute = 1; minute <= 4; minute += 1) {
      jobs[0]?.progress(minute / 10, `minute ${minute}`);
      // Each heartbeat is written before the next one is due.
      for (let beat = 0; beat < 12; beat += 1) {
        bench.clock.advance(leaseMs / 3);
        await until('the heartbeat', async () => (await bench.row(jobId)).wakeAtMs === bench.clock.nowMs() + leaseMs);
      }
      expect(await bench.row(jobId)).toMatchObject({ state: 'running', progress: minute / 10, progressNote: `minute ${minute}` });
    }
    release();
    await inState(jobId, 'done');
    expect(jobs.length).toBe(1);
  });

  it('stops a running job that is cancelled', async () => {
    const { jobs, run } = held();
    await start(run);
    const jobId = await bench.queue.add(posters, posterOf('a'));
    await until('the job', () => jobs.length === 1);
    await bench.administration.cancel(jobId);
    await inState(jobId, 'cancelled');
    expect(jobs[0]?.signal.aborted).toBe(true);
  });

  it('that was suspended for longer than its lease stops its job, and its result is refused', async () => {
    const { jobs, run } = held();
    await start(run);
    const jobId = await bench.queue.add(posters, posterOf('a'));
    await until('the job', () => jobs.length === 1);
    const otherBus = new InProcessBus({ clock: bench.clock, logger: silentLogger });
    const other = new JobQueue({ database: bench.database, bus: otherBus, clock: { nowMs: () => bench.clock.nowMs() + leaseMs + 1, after: () => () => undefined } });
    await other.sweep();
    const taken = await other.claim([posters], 'other');
    expect(taken).toMatchObject({ _id: jobId, fence: 2 });
    bench.clock.advance(leaseMs / 3);
    await until('the stop', () => jobs[0]?.signal.aborted);
    await until('the end', async () => (await bench.row(jobId)).worker === 'other');
    expect(await bench.row(jobId)).toMatchObject({ state: 'running', fence: 2 });
    if (taken) expect(await other.finish(taken, { type: 'succeeded' })).toBe(true);
  });

  it('stores the end of a job when the database accepts it again', async () => {
    let isRefusing = true;
    const queue = new JobQueue({ database: bench.database, bus: bench.bus, clock: bench.clock, random: () => 0 });
    const finish = queue.finish.bind(queue);
    queue.finish = async (...args) => (isRefusing ? Promise.reject(new Error('the database is away')) : finish(...args));
    await start(async () => undefined, { queue });
    const jobId = await bench.queue.add(posters, posterOf('a'));
    await inState(jobId, 'running');
    isRefusing = false;
    await until('its end', async () => {
      bench.clock.advance(500);
      return (await bench.row(jobId)).state === 'done';
    });
  });

  it('gives its jobs back when it stops, so that another one runs them at once', async () => {
    const { jobs, run } = held();
    const worker = await start(run);
    const jobId = await bench.queue.add(posters, posterOf('a'));
    await until('the job', () => jobs.length === 1);
    await worker.close();
    expect(await bench.row(jobId)).toMatchObject({ state: 'waiting', attempts: 0 });
    await start(async () => undefined);
    await inState(jobId, 'done');
  });

  it('has one handler for each kind', async () => {
    const worker = await start(async () => undefined);
    expect(() => worker.handle({ kind: posters, concurrency: 1, run: async () => undefined })).toThrow('already');
  });
});
