import { describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { CodedError, UserId } from '#engine/contract';
import { jobKind } from '#engine/kernel';
import { silentLogger, until } from '#engine/testing';
import { AuditStore } from '../audit/index.ts';
import { startTestApi } from '../testing/index.ts';
import { cleanUp, repeatCleanUp } from './cleanUp.ts';

const reports = jobKind('test.report', { data: z.null(), maxAttempts: 1 });

describe('Jobs for administrators', () => {
  it('are listed by state with their error, cancelled and sent again', async () => {
    const site = await startTestApi();
    const ada = await site.firstAccount();
    await site.runJobs();
    await site.jobs.add(reports, { key: 'physics', data: null });
    const failed = await site.jobs.claim([reports], 'worker');
    if (failed) await site.jobs.finish(failed, { type: 'failed', error: 'no paper' });
    await site.jobs.add(reports, { key: 'chemistry', data: null });
    const dead = await ada.api.listJobs();
    expect(dead).toMatchObject({ jobs: [{ kind: 'test.report', key: 'physics', state: 'dead', error: 'no paper', attempts: 1, maxAttempts: 1 }], next: null, counts: { dead: 1, waiting: 1 } });
    const [job] = dead.jobs;
    expect(await ada.api.resendJob({ params: { jobId: job?.id ?? '' } })).toMatchObject({ state: 'waiting' });
    const waiting = await ada.api.listJobs({ query: { state: 'waiting' } });
    expect(waiting.jobs.map(({ key }) => key).toSorted()).toEqual(['chemistry', 'physics']);
    for (const { id } of waiting.jobs) expect(await ada.api.cancelJob({ params: { jobId: id } })).toMatchObject({ state: 'cancelled' });
    await expect(ada.api.cancelJob({ params: { jobId: job?.id ?? '' } })).rejects.toMatchObject({ code: 'job.refused' });
    await expect(ada.api.resendJob({ params: { jobId: `job_${'0'.repeat(20)}` } })).rejects.toMatchObject({ code: 'job.notFound' });
  });

  it('are nobody else’s business', async () => {
    const site = await startTestApi();
    await site.firstAccount();
    const sam = await site.signup('Sam');
    await expect(sam.api.listJobs()).rejects.toMatchObject({ code: 'access.denied' });
    for (const act of [sam.api.cancelJob, sam.api.resendJob]) await expect(act({ params: { jobId: `job_${'0'.repeat(20)}` } })).rejects.toMatchObject({ code: 'access.denied' });
  });
});

it('The cleanup is one job that repeats, and removes expired logins', async () => {
  const site = await startTestApi();
  const sam = await site.signup('Sam');
  const audit = new AuditStore(site.database);
  const options = { jobs: site.jobs, logins: site.logins, audit, settings: site.settings, clock: site.clock, courses: { request: () => Promise.resolve() } };
  const asking = vi.spyOn(site.jobs, 'repeat');
  for (let process = 1; process <= 2; process += 1) repeatCleanUp({ ...options, logger: silentLogger });
  await Promise.all(asking.mock.results.map(({ value }) => value as Promise<void>));
  const handler = cleanUp(options);
  const { kind } = handler;
  const first = await site.jobs.claim([kind], 'worker');
  expect(await site.jobs.claim([kind], 'worker')).toBeUndefined();
  const call = { jobId: 'x', key: 'site', data: null, attempt: 1, fence: 1, signal: new AbortController().signal, progress: () => undefined };
  await handler.run(call);
  expect(await site.logins.ofUser(UserId.parse(sam.userId))).toHaveLength(1);
  site.clock.advance(31 * 24 * 3600_000);
  await handler.run(call);
  expect(await site.logins.ofUser(UserId.parse(sam.userId))).toEqual([]);
  if (first) await site.jobs.finish(first, { type: 'succeeded' });
  expect(await site.jobs.claim([kind], 'worker')).toBeUndefined();
});

it('The cleanup is asked for again when the disk was full, until the server stops', async () => {
  const site = await startTestApi();
  const { jobs, logins, clock } = site;
  const asking = vi.spyOn(jobs, 'repeat').mockRejectedValue(new CodedError('disk.full', 'The disk is full.'));
  const stop = repeatCleanUp({ jobs, clock, logger: silentLogger });
  await until('a further attempt', () => {
    clock.advance(10_000);
    return asking.mock.calls.length > 1;
  });
  asking.mockRestore();
  const { kind } = cleanUp({ jobs, logins, clock, audit: new AuditStore(site.database), settings: site.settings, courses: { request: () => Promise.resolve() } });
  await until('the job', () => {
    clock.advance(10_000);
    return jobs.claim([kind], 'worker');
  });
  stop();
});
