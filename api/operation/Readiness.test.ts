import { expect, it } from 'vitest';
import { CodedError } from '#engine/contract';
import { ManualClock, openTestDatabase, until } from '#engine/testing';
import { startTestApi } from '../testing/index.ts';
import { readinessLifetimeMs, readinessTimeoutMs } from '../limits.ts';
import { Readiness } from './Readiness.ts';

async function readinessWith(checks: Record<string, () => Promise<void>>) {
  const [clock, database] = [new ManualClock(), await openTestDatabase()];
  return { clock, readiness: new Readiness({ database, clock, checks }) };
}

it('writes to the database: a full disk makes the server not ready', async () => {
  const site = await startTestApi({ isWriteRefused: ({ collection }) => collection === 'probes' });
  const response = await fetch(`${site.url}/health/ready`);
  expect([response.status, await response.json()]).toMatchObject([503, { code: 'database.unavailable', detail: 'The database cannot be written: the disk is full.' }]);
});

it('requires a media worker', async () => {
  const site = await startTestApi();
  site.plane.hasWorker = false;
  const response = await fetch(`${site.url}/health/ready`);
  expect([response.status, await response.json()]).toMatchObject([503, { code: 'media.unavailable' }]);
  site.plane.hasWorker = true;
  site.clock.advance(readinessLifetimeMs);
  expect((await fetch(`${site.url}/health/ready`)).status).toBe(200);
});

it('asks the parts once for all probes of some seconds', async () => {
  let calls = 0;
  const { clock, readiness } = await readinessWith({ disk: async () => void (calls += 1) });
  await Promise.all([readiness.check(), readiness.check()]);
  await readiness.check();
  expect(calls).toBe(1);
  clock.advance(readinessLifetimeMs);
  await readiness.check();
  expect(calls).toBe(2);
});

it('reports a part that fails, and one that does not answer', async () => {
  const failing = await readinessWith({ disk: async () => Promise.reject(new CodedError('server.busy', 'The disk is full.')) });
  await expect(failing.readiness.check()).rejects.toMatchObject({ code: 'server.busy', message: 'The disk is full.' });
  const hanging = await readinessWith({ disk: () => new Promise<void>(() => undefined) });
  const outcome = hanging.readiness.check().catch((err: unknown) => err);
  await until('the database to answer', () => hanging.clock.timers === 1);
  hanging.clock.advance(readinessTimeoutMs);
  expect(await outcome).toMatchObject({ code: 'server.busy', message: 'The server is not ready: disk does not answer.' });
});
