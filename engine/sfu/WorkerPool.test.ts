import { describe, expect, it } from 'vitest';
import { ManualClock } from '../testing/ManualClock.ts';
import { sfuConfig } from './config.ts';
import { coresPerBps, fullShare } from './limits.ts';
import { WorkerPool } from './WorkerPool.ts';
import type { Placement } from './WorkerPool.ts';
import type { LiveWorker, WorkerSlot } from './WorkerSlot.ts';

interface Slot {
  live: LiveWorker | undefined;
  use: number;
  load: number;
  egressBps: number;
}

const idle = (given: Partial<Slot> = {}): Slot => ({ live: {} as LiveWorker, use: 0, load: 0, egressBps: 0, ...given });
const poolOf = (slots: readonly Slot[], settings: Record<string, string> = {}) => new WorkerPool(slots as unknown as WorkerSlot[], sfuConfig.parse(settings), new ManualClock());
const asPlacement = (slot: Slot | undefined) => ({ slot, ...slot?.live }) as unknown as Placement;

/** The index of the worker that one more viewer of the first worker's room gets. */
function placed(slots: readonly Slot[], options: { settings?: Record<string, string>; egressBps?: number; hasPlace?: boolean } = {}): number {
  const { settings, egressBps = 1_500_000, hasPlace = false } = options;
  const placement = poolOf(slots, settings).placeViewer({ home: asPlacement(slots[0]), egressBps, hasPlace });
  return slots.indexOf(placement.slot);
}

it('has a worker while one of its slots has one', () => {
  const slots = [idle(), idle()];
  const pool = poolOf(slots);
  const seen = [pool.hasWorker];
  for (const slot of slots) {
    slot.live = undefined;
    seen.push(pool.hasWorker);
  }
  expect(seen).toEqual([true, true, false]);
});

it('opens a room on the worker that uses least of its core, and on the one with fewer tracks where both use as little', async () => {
  const opened = async (slots: Slot[]) => slots.indexOf((await poolOf(slots).place()).slot);
  expect(await opened([idle({ use: 0.4, load: 2 }), idle({ use: 0.1, load: 90 })])).toBe(1);
  expect(await opened([idle({ use: 0.002, load: 3 }), idle({ use: 0.004, load: 1 })])).toBe(1);
  expect(await opened([idle({ use: 0.1, live: undefined }), idle({ use: 0.8 })])).toBe(1);
});

describe('A viewer is placed', () => {
  it("on the publisher's worker until that is half full", () => {
    expect(placed([idle({ use: 0.49, load: 300 }), idle()])).toBe(0);
    expect(placed([idle({ use: 0.51, load: 300 }), idle()])).toBe(1);
  });

  it('on the worker with the most room after that', () => {
    expect(placed([idle({ use: 0.6 }), idle({ use: 0.7 }), idle({ use: 0.3 })])).toBe(2);
    expect(placed([idle({ use: 0.6 }), idle({ use: 0.7 }), idle({ use: 0.8 })])).toBe(0);
    expect(placed([idle({ use: 0.6 }), idle({ use: 0.1, live: undefined }), idle({ use: 0.8 })])).toBe(0);
  });

  it('on the worker with the most room from the first on where the home share is 0', () => {
    expect(placed([idle({ load: 3 }), idle()], { settings: { LECTERN_RTC_HOME_SHARE: '0' } })).toBe(1);
    expect(placed([idle({ load: 3 }), idle({ load: 5 })], { settings: { LECTERN_RTC_HOME_SHARE: '0' } })).toBe(0);
  });

  it('nowhere when the worker with the most room would be full, unless there was a place for them before', () => {
    const full = [idle({ use: fullShare }), idle({ use: fullShare - 0.001 })];
    const egressBps = 0.01 / coresPerBps;
    expect(() => placed(full, { egressBps })).toThrow(expect.objectContaining({ code: 'lecture.full' }));
    expect(placed(full, { egressBps, hasPlace: true })).toBe(0);
    expect(placed([idle({ use: fullShare }), idle({ use: fullShare - 0.02 })], { egressBps })).toBe(1);
  });

  it('nowhere when the machine would send more than it may, all workers together', () => {
    const settings = { LECTERN_RTC_MAX_EGRESS_MBPS: '10' };
    const slots = [idle({ egressBps: 4_000_000 }), idle({ egressBps: 4_000_000 })];
    expect(placed(slots, { settings, egressBps: 2_000_000 })).toBe(0);
    expect(() => placed(slots, { settings, egressBps: 2_000_001 })).toThrow(expect.objectContaining({ code: 'lecture.full' }));
    expect(placed(slots, { settings, egressBps: 2_000_001, hasPlace: true })).toBe(0);
  });
});
