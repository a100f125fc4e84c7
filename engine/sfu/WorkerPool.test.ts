import { expect, it } from 'vitest';
import { ManualClock } from '../testing/ManualClock.ts';
import { WorkerPool } from './WorkerPool.ts';
import type { LiveWorker, WorkerSlot } from './WorkerSlot.ts';

it('has a worker while one of its slots has one', () => {
  const slots: { live: LiveWorker | undefined }[] = [{ live: {} as LiveWorker }, { live: {} as LiveWorker }];
  const pool = new WorkerPool(slots as unknown as WorkerSlot[], new ManualClock());
  const seen = [pool.hasWorker];
  for (const slot of slots) {
    slot.live = undefined;
    seen.push(pool.hasWorker);
  }
  expect(seen).toEqual([true, true, false]);
});
