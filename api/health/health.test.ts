import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import * as z from 'zod';
import { CodedError } from '#engine/contract';
import { InProcessBus, JobAdministration, jobKind, JobQueue, ProcessDirectory, toInstant } from '#engine/kernel';
import { ManualClock, openTestDatabase, silentLogger as logger, until } from '#engine/testing';
import { openObjectStore, storageConfig } from '#recorder';
import type { ProcessReport } from '../contract/index.ts';
import { Readiness } from '../operation/Readiness.ts';
import { refusal, startTestApi } from '../testing/index.ts';
import { sharedChecks } from './openSiteHealth.ts';
import { processReport } from './processReport.ts';
import { SiteHealth } from './SiteHealth.ts';

const gigabyte = 1e9;
const well: Omit<ProcessReport, 'nowMs'> = { parts: [{ part: 'database', durationMs: 1, problem: null }], disk: { freeBytes: 50 * gigabyte, totalBytes: 100 * gigabyte }, certificate: null, mediaWorkers: null, memoryBytes: 1 };

async function openSite() {
  const clock = new ManualClock();
  const database = await openTestDatabase();
  const bus = new InProcessBus({ clock, logger });
  const directory = new ProcessDirectory({ database, clock, logger });
  const queue = new JobQueue({ database, bus, clock });
  /** A process of the site, with what it reports. */
  const open = async (nodeId: string, { version = '1.0.0', ...report }: Partial<ProcessReport> & { version?: string } = {}) => {
    const self = { nodeId, roles: ['api'] as const, version, hostname: `host-${nodeId}`, startedAt: toInstant(clock.nowMs()) };
    const health = await SiteHealth.open({ bus, clock, self, jobs: new JobAdministration({ database, bus, clock }), processes: directory, report: async () => ({ nowMs: clock.nowMs(), ...well, ...report }) });
    onTestFinished(() => health.close());
    await until('the announcement', async () => (await directory.list()).some((each) => each.nodeId === nodeId));
    return health;
  };
  return { clock, database, bus, queue, directory, open };
}

describe('The health of a site', () => {
  it('has no problems while all is well, on every process', async () => {
    const { open } = await openSite();
    const health = await open('a');
    await open('b');
    const { problems, processes, jobs } = await health.details();
    expect(problems).toEqual([]);
    expect(processes.map(({ nodeId, clockOffsetMs, report }) => [nodeId, clockOffsetMs, report?.disk?.freeBytes])).toEqual([['a', 0, 50e9], ['b', 0, 50e9]]);
    expect(jobs).toEqual({ waiting: 0, running: 0, failed: 0, oldestWaitingAt: null });
  });

  it('names a failed part, a full disk, a certificate that expires, a wrong clock, other versions and missing workers', async () => {
    const { open, clock } = await openSite();
    const health = await open('a');
    const inDays = (days: number) => ({ expiresAt: toInstant(clock.nowMs() + days * 24 * 3600_000), names: 'lectern.example' });
    await open('b', { parts: [{ part: 'store', durationMs: 3, problem: 'It does not answer.' }] });
    await open('c', { disk: { freeBytes: 4 * gigabyte, totalBytes: 10 * gigabyte }, certificate: inDays(20) });
    await open('d', { certificate: inDays(3.5), version: '1.1.0' });
    await open('e', { nowMs: clock.nowMs() - 5000, mediaWorkers: { running: 1, all: 2 } });
    expect((await health.details()).problems).toEqual([
      { code: 'part.failed', nodeId: 'b', detail: 'store on host-b: It does not answer.' },
      { code: 'disk.low', nodeId: 'c', detail: 'The disk of host-c has 4.0 GB left of 10 GB.' },
      { code: 'certificate.expiring', nodeId: 'd', detail: 'The certificate of host-d expires in 3 days.' },
      { code: 'clock.off', nodeId: 'e', detail: 'The clock of host-e is 5.0 s slow. Set it by NTP.' },
      { code: 'workers.missing', nodeId: 'e', detail: '1 of 2 media workers on host-e are being restarted.' },
      { code: 'versions.mixed', nodeId: null, detail: 'The processes have different versions: 1.0.0, 1.1.0. Update all of them.' },
    ]);
  });

  it('shows a process that has died, and forgets one that has stopped', async () => {
    const { open, clock, database, directory } = await openSite();
    const health = await open('a');
    await new ProcessDirectory({ database, clock: new ManualClock(clock.nowMs()), logger }).announce({ nodeId: 'dead', roles: ['live'], version: '1.0.0', hostname: 'host-dead', startedAt: toInstant(clock.nowMs()) });
    await until('the announcement', async () => (await directory.list()).length === 2);
    const stopped = await open('b');
    await stopped.close();
    clock.advance(60_000);
    const { problems, processes } = await health.details();
    expect(processes.map(({ nodeId, report }) => [nodeId, report === null])).toEqual([['a', false], ['dead', true]]);
    expect(problems).toEqual([{ code: 'process.silent', nodeId: 'dead', detail: 'The process on host-dead has not been heard from for 60 seconds.' }]);
  });

  it('counts the background jobs, and says when one has failed or waits too long', async () => {
    const { open, clock, queue } = await openSite();
    const health = await open('a');
    const kind = jobKind('test.report', { data: z.null(), maxAttempts: 1 });
    await queue.add(kind, { key: 'one', data: null });
    const job = await queue.claim([kind], 'worker');
    if (job) await queue.finish(job, { type: 'failed', error: 'no paper' });
    const waitingSince = toInstant(clock.nowMs());
    await queue.add(kind, { key: 'two', data: null });
    clock.advance(11 * 60_000);
    const { jobs, problems } = await health.details();
    expect(jobs).toEqual({ waiting: 1, running: 0, failed: 1, oldestWaitingAt: waitingSince });
    expect(problems.map(({ code }) => code)).toEqual(['jobs.failed', 'jobs.waiting']);
  });
});

describe('What a process reports of itself', () => {
  it('is measured: its parts, the disk, and the certificate', async () => {
    const clock = new ManualClock();
    const checks = { store: async () => Promise.reject(new CodedError('store.unavailable', 'The store does not answer.')), broken: async () => Promise.reject(new Error('a secret of the code')) };
    const readiness = new Readiness({ database: await openTestDatabase(), clock, checks });
    const certificateFile = path.join(import.meta.dirname, '..', 'testing', 'localhost-cert.pem');
    const report = await processReport({ clock, dataFolder: tmpdir(), certificateFile, readiness, workers: () => [{ pid: 1 }, { pid: null }] });
    expect(report.parts.map(({ part, problem }) => [part, problem])).toEqual([['database', null], ['store', 'The store does not answer.'], ['broken', 'It does not work. The log of the server says why.']]);
    expect(report.disk?.freeBytes).toBeGreaterThan(0);
    expect(report).toMatchObject({ certificate: { names: expect.stringContaining('localhost') as string }, mediaWorkers: { running: 1, all: 2 } });
    expect(await processReport({ clock, dataFolder: '/nowhere', certificateFile: '/nowhere', readiness })).toMatchObject({ disk: null, certificate: null, mediaWorkers: null });
  });

  it('checks the object store, and Redis where there is one', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'lectern-health-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const store = await openObjectStore(storageConfig.parse({}), folder, { clock: new ManualClock(), logger });
    const checks = sharedChecks({ store, bus: { isConnected: false }, hasRedis: true });
    await checks.store?.();
    await expect(checks.redis?.()).rejects.toMatchObject({ code: 'bus.unavailable' });
    expect(Object.keys(sharedChecks({ store, bus: { isConnected: true }, hasRedis: false }))).toEqual(['store']);
  });
});

it('The health is shown to administrators', async () => {
  const site = await startTestApi();
  const ada = await site.firstAccount();
  const sam = await site.signup('Sam');
  expect(await refusal(sam.api.getHealthDetails())).toMatchObject({ code: 'access.denied' });
  const { processes } = await ada.api.getHealthDetails();
  expect(processes).toMatchObject([{ roles: ['live', 'api'], clockOffsetMs: 0, report: { mediaWorkers: { running: 1, all: 1 } } }]);
  expect(processes[0]?.version).toMatch(/^\d+\.\d+\.\d+/);
});
