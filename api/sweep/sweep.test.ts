import { expect, it } from 'vitest';
import { systemClock } from '#engine/kernel';
import { SweepStore } from '#recorder';
import { refusal, startTestApi } from '../testing/index.ts';

it('Administrators sweep the object store: a dry run first, then for real, with the report of the last one', async () => {
  const { firstAccount, signup, store, clock, runJobs } = await startTestApi();
  // Objects have the time of the machine.
  clock.advance(Math.max(0, systemClock.nowMs() - clock.nowMs()) + 3 * 24 * 3600_000);
  const [ada, sam] = [await firstAccount(), await signup('Sam')];
  for (const attempt of [() => sam.api.getSweep(), () => sam.api.requestSweep({ body: {} })]) expect(await refusal(attempt())).toMatchObject({ code: 'access.denied' });
  expect(await ada.api.getSweep()).toEqual({ running: null, last: null });
  const key = 'videos/vid_gone/1/v720/0.mp4';
  await store.put(key, { bytes: new Uint8Array([1]) }, { contentType: 'video/mp4', sha256: '4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a' });
  expect((await ada.api.requestSweep({ body: {} })).last).toBeNull();
  expect(await runJobs()).toEqual([]);
  const { last } = await ada.api.getSweep();
  expect(last).toMatchObject({ isDryRun: true, objects: 1, orphans: { objects: 1, deleted: 0 }, missing: { videos: 0 } });
  expect((await store.list('videos/')).objects.length).toBe(1);
  await ada.api.requestSweep({ body: { dryRun: false } });
  expect(await runJobs()).toEqual([]);
  expect((await ada.api.getSweep()).last).toMatchObject({ isDryRun: false, orphans: { objects: 1, deleted: 1, examples: [{ key, bytes: 1 }] } });
  expect((await store.list('videos/')).objects).toEqual([]);
  expect((await ada.api.listAudit({ query: { action: 'sweep.requested' } })).entries.map(({ changes }) => changes)).toEqual(expect.arrayContaining([{ dryRun: true }, { dryRun: false }]));
});

it('A second sweep is refused while one runs', async () => {
  const { firstAccount, database } = await startTestApi();
  const ada = await firstAccount();
  await new SweepStore(database).begin({ isDryRun: true, startedAt: '2030-01-01T00:00:00.000Z', objects: 7 });
  expect(await refusal(ada.api.requestSweep({ body: { dryRun: false } }))).toMatchObject({ code: 'job.refused' });
  expect((await ada.api.getSweep()).running).toEqual({ isDryRun: true, startedAt: '2030-01-01T00:00:00.000Z', objects: 7 });
});
