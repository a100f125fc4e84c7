import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { jobKind } from './JobKind.ts';
import type { ClaimedJob } from './JobQueue.ts';
import { leaseMs } from './limits.ts';
import { JobBench, posterOf, posters } from './testing/JobBench.ts';

let bench: JobBench;
beforeEach(async () => {
  bench = await JobBench.open();
});
afterEach(() => bench.close());

async function claimed(worker = 'one'): Promise<ClaimedJob> {
  const job = await bench.queue.claim([posters], worker);
  if (!job) throw new Error('nothing to claim');
  return job;
}

const stateOf = async (jobId: string) => (await bench.row(jobId)).state;

describe('A job', () => {
  it('is claimed by one worker, also when many ask at once', async () => {
    const jobId = await bench.queue.add(posters, posterOf('a'));
    const claims = await Promise.all(Array.from({ length: 20 }, (_, i) => bench.queue.claim([posters], `worker ${i}`)));
    expect(claims.filter((job) => job !== undefined)).toMatchObject([{ _id: jobId, data: { recordingId: 'a' }, fence: 1, attempts: 1 }]);
  });

  it('is not claimed by a worker of other kinds', async () => {
    await bench.queue.add(posters, posterOf('a'));
    expect(await bench.queue.claim([jobKind('test.other', { data: z.null() })], 'one')).toBeUndefined();
  });

  it('is done when its worker says so, and its key is free again', async () => {
    const first = await bench.queue.add(posters, posterOf('a'));
    expect(await bench.queue.finish(await claimed(), { type: 'succeeded' })).toBe(true);
    expect(await bench.row(first)).toMatchObject({ state: 'done', progress: 1 });
    expect(await bench.queue.add(posters, posterOf('a'))).not.toBe(first);
  });

  it('exists once for its kind and key, also when it is added many times at once', async () => {
    const ids = await Promise.all(Array.from({ length: 30 }, () => bench.queue.add(posters, posterOf('a'))));
    expect(new Set(ids).size).toBe(1);
    expect(await bench.queue.add(posters, posterOf('b'))).not.toBe(ids[0]);
    expect(await bench.rows.countDocuments({})).toBe(2);
  });

  it('with data that do not fit its kind is refused, and nothing is stored', async () => {
    // @ts-expect-error not the data of a poster
    await expect(bench.queue.add(posters, { key: 'a', data: { recordingId: 7 } })).rejects.toThrow();
    expect(await bench.rows.countDocuments({})).toBe(0);
  });

  it('runs once more when it was added again while it ran, and only if that was wanted', async () => {
    const jobId = await bench.queue.add(posters, posterOf('a'));
    const job = await claimed();
    await bench.queue.add(posters, posterOf('a'));
    await bench.queue.add(posters, { ...posterOf('a'), ifRunning: 'again' });
    await bench.queue.finish(job, { type: 'succeeded' });
    expect(await stateOf(jobId)).toBe('waiting');
    await bench.queue.finish(await claimed(), { type: 'succeeded' });
    expect(await stateOf(jobId)).toBe('done');
  });

  it('of a higher priority is claimed first, then the older one', async () => {
    for (const key of ['a', 'b']) {
      await bench.queue.add(posters, posterOf(key));
      bench.clock.advance(10);
    }
    await bench.queue.add(posters, { ...posterOf('urgent'), priority: 5 });
    bench.clock.advance(10);
    await bench.queue.add(posters, { ...posterOf('b'), priority: 1 });
    expect([(await claimed()).key, (await claimed()).key, (await claimed()).key]).toEqual(['urgent', 'b', 'a']);
  });

  it('of a higher priority is claimed first among kinds, too', async () => {
    const mails = jobKind('test.mail', { data: z.null(), priority: 3 });
    await bench.queue.add(posters, posterOf('a'));
    await bench.queue.add(mails, { key: 'm', data: null });
    expect(await bench.queue.claim([posters, mails], 'one')).toMatchObject({ kind: 'test.mail' });
  });

  it('with a delay is not claimed before it has passed', async () => {
    await bench.queue.add(posters, { ...posterOf('a'), delayMs: 5000 });
    bench.clock.advance(4999);
    await bench.queue.sweep();
    expect(await bench.queue.claim([posters], 'one')).toBeUndefined();
    bench.clock.advance(1);
    await bench.queue.sweep();
    expect(await claimed()).toMatchObject({ key: 'a' });
  });
});

describe('A job that fails', () => {
  it('is tried again after a delay that doubles, and becomes a dead letter after its last try', async () => {
    const jobId = await bench.queue.add(posters, posterOf('a'));
    for (const delayMs of [1000, 2000]) {
      await bench.queue.finish(await claimed(), { type: 'failed', error: 'no video' });
      expect(await bench.row(jobId)).toMatchObject({ state: 'delayed', error: 'no video', wakeAtMs: bench.clock.nowMs() + delayMs });
      bench.clock.advance(delayMs);
      await bench.queue.sweep();
    }
    await bench.queue.finish(await claimed(), { type: 'failed', error: 'still no video' });
    expect(await bench.row(jobId)).toMatchObject({ state: 'dead', error: 'still no video', attempts: 3 });
    bench.clock.advance(3_600_000);
    await bench.queue.sweep();
    expect(await bench.queue.claim([posters], 'one')).toBeUndefined();
  });

  it('gets all its tries again when an administrator resends it, unless the same job was added in between', async () => {
    const jobId = await bench.queue.add({ ...posters, maxAttempts: 1 }, posterOf('a'));
    await bench.queue.finish(await claimed(), { type: 'failed', error: 'no video' });
    const other = await bench.queue.add(posters, posterOf('a'));
    await expect(bench.administration.resend(jobId)).rejects.toMatchObject({ code: 'job.refused' });
    await bench.administration.cancel(other);
    await bench.administration.resend(jobId);
    expect(await claimed()).toMatchObject({ _id: jobId, attempts: 1 });
    await expect(bench.administration.resend(jobId)).rejects.toMatchObject({ code: 'job.refused' });
    await expect(bench.administration.resend('job_unknown')).rejects.toMatchObject({ code: 'job.notFound' });
  });
});

describe('A job whose worker is killed', () => {
  it('is taken over after its lease, not before; what the killed one still says is refused', async () => {
    const jobId = await bench.queue.add(posters, posterOf('a'));
    const first = await claimed('one');
    bench.clock.advance(leaseMs);
    await bench.queue.sweep();
    expect(await bench.queue.claim([posters], 'two')).toBeUndefined();
    bench.clock.advance(1);
    await bench.queue.sweep();
    const second = await claimed('two');
    expect(second).toMatchObject({ _id: jobId, fence: 2, attempts: 2 });
    expect(await bench.queue.heartbeat(first, { leaseMs })).toBe('lost');
    for (const outcome of [{ type: 'succeeded' }, { type: 'failed', error: 'x' }, { type: 'released' }] as const) expect(await bench.queue.finish(first, outcome)).toBe(false);
    expect(await bench.row(jobId)).toMatchObject({ state: 'running', worker: 'two', fence: 2 });
    expect(await bench.queue.finish(second, { type: 'succeeded' })).toBe(true);
  });

  it('stays with a worker that sends heartbeats', async () => {
    await bench.queue.add(posters, posterOf('a'));
    const job = await claimed('one');
    for (let i = 0; i < 10; i += 1) {
      bench.clock.advance(leaseMs - 1);
      expect(await bench.queue.heartbeat(job, { leaseMs, progress: i / 10, progressNote: `part ${i}` })).toBe('held');
      await bench.queue.sweep();
    }
    expect(await bench.queue.claim([posters], 'two')).toBeUndefined();
    expect(await bench.row(job._id)).toMatchObject({ state: 'running', progress: 0.9, progressNote: 'part 9' });
  });

  it('becomes a dead letter when every worker dies of it', async () => {
    const jobId = await bench.queue.add(posters, posterOf('a'));
    for (let i = 0; i < posters.maxAttempts; i += 1) {
      await claimed();
      bench.clock.advance(leaseMs + 1);
      await bench.queue.sweep();
    }
    expect(await bench.row(jobId)).toMatchObject({ state: 'dead', error: 'Its worker stopped responding.' });
  });

  it('is not to blame when its worker stops in order', async () => {
    const jobId = await bench.queue.add(posters, posterOf('a'));
    for (let i = 0; i < 10; i += 1) await bench.queue.finish(await claimed(), { type: 'released' });
    expect(await bench.row(jobId)).toMatchObject({ state: 'waiting', attempts: 0 });
  });
});

describe('A bound on all nodes', () => {
  it('is never exceeded, and a free place is used', async () => {
    const bounded = { ...posters, maxRunning: 2 };
    for (const key of ['a', 'b', 'c', 'd']) await bench.queue.add(bounded, posterOf(key));
    const claims = (await Promise.all(Array.from({ length: 8 }, (_, i) => bench.queue.claim([bounded], `worker ${i}`)))).filter((job) => job !== undefined);
    expect(claims.length).toBeGreaterThan(0);
    while (claims.length < 2) claims.push((await bench.queue.claim([bounded], 'more')) as ClaimedJob);
    expect(await bench.queue.claim([bounded], 'one')).toBeUndefined();
    await bench.queue.finish(claims[0] as ClaimedJob, { type: 'failed', error: 'x' });
    expect(await bench.queue.claim([bounded], 'one')).toBeDefined();
    expect(await bench.queue.claim([bounded], 'one')).toBeUndefined();
  });
});

describe('Cancelling', () => {
  it('removes a job that waits, and frees its key', async () => {
    const jobId = await bench.queue.add(posters, posterOf('a'));
    await bench.administration.cancel(jobId);
    expect(await bench.queue.claim([posters], 'one')).toBeUndefined();
    expect(await bench.queue.add(posters, posterOf('a'))).not.toBe(jobId);
    await expect(bench.administration.cancel(jobId)).rejects.toMatchObject({ code: 'job.refused' });
  });

  it('reaches the worker of a running job with its heartbeat, and also a job whose worker is gone', async () => {
    const jobId = await bench.queue.add(posters, posterOf('a'));
    const job = await claimed();
    await bench.administration.cancel(jobId);
    expect(await bench.queue.heartbeat(job, { leaseMs })).toBe('cancelled');
    expect(await bench.queue.finish(job, { type: 'cancelled' })).toBe(true);
    expect(await stateOf(jobId)).toBe('cancelled');
    const abandoned = await bench.queue.add(posters, posterOf('b'));
    await claimed();
    await bench.administration.cancel(abandoned);
    bench.clock.advance(leaseMs + 1);
    await bench.queue.sweep();
    expect(await stateOf(abandoned)).toBe('cancelled');
  });

  it('comes too late for a job that was done by then', async () => {
    const jobId = await bench.queue.add(posters, posterOf('a'));
    const job = await claimed();
    await bench.administration.cancel(jobId);
    await bench.queue.finish(job, { type: 'succeeded' });
    expect(await stateOf(jobId)).toBe('done');
  });
});

describe('A job that repeats', () => {
  it('exists once, runs again after its interval, also after failures, and cannot be cancelled for good', async () => {
    const sweep = jobKind('test.sweep', { data: z.null(), maxAttempts: 1 });
    const start = () => bench.queue.repeat(sweep, { key: 'site', data: null, everyMs: 60_000 });
    await Promise.all([start(), start(), start()]);
    expect(await bench.rows.countDocuments({})).toBe(1);
    for (const outcome of [{ type: 'succeeded' }, { type: 'failed', error: 'x' }, { type: 'cancelled' }] as const) {
      const job = (await bench.queue.claim([sweep], 'one')) as ClaimedJob;
      await bench.queue.finish(job, outcome);
      await start();
      expect(await bench.queue.claim([sweep], 'one')).toBeUndefined();
      await expect(bench.administration.cancel(job._id)).rejects.toMatchObject({ code: 'job.refused' });
      bench.clock.advance(60_000);
      await bench.queue.sweep();
    }
    expect(await bench.queue.claim([sweep], 'one')).toBeDefined();
  });
});

describe('The list of jobs', () => {
  it('has pages, the latest change first, without repeats', async () => {
    for (let i = 0; i < 7; i += 1) {
      await bench.queue.add(posters, posterOf(`${i}`));
      // Some in the same millisecond.
      bench.clock.advance(i % 2);
    }
    const keys: string[] = [];
    for (let after: string | undefined, page = 0; page < 10; page += 1) {
      const { jobs, next } = await bench.administration.list('waiting', { after, limit: 3 });
      keys.push(...jobs.map(({ key }) => key));
      if (next === null) break;
      after = next;
    }
    expect(keys.toSorted()).toEqual(['0', '1', '2', '3', '4', '5', '6']);
    expect(keys[0]).toBe('6');
    expect(await bench.administration.counts()).toMatchObject({ waiting: 7, dead: 0 });
  });

  it('forgets finished jobs after a day and dead letters after two months', async () => {
    await bench.queue.add(posters, posterOf('done'));
    await bench.queue.finish(await claimed(), { type: 'succeeded' });
    const dead = await bench.queue.add({ ...posters, maxAttempts: 1 }, posterOf('dead'));
    await bench.queue.finish(await claimed(), { type: 'failed', error: 'x' });
    const waiting = await bench.queue.add(posters, posterOf('waiting'));
    const left = async () => (await bench.rows.find({}, { sort: { _id: 1 } })).map(({ _id }) => _id);
    bench.clock.advance(25 * 3600_000);
    await bench.queue.removeOld();
    expect(await left()).toEqual([dead, waiting].toSorted());
    bench.clock.advance(61 * 24 * 3600_000);
    await bench.queue.removeOld();
    expect(await left()).toEqual([waiting]);
  });
});
