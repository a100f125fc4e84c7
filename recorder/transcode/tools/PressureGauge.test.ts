import { describe, expect, it } from 'vitest';
import { busyChecks, calmChecks } from '../limits.ts';
import { PressureGauge, shareOfOthers } from './PressureGauge.ts';

const times = (change: Partial<{ user: number; nice: number; sys: number; idle: number; irq: number }>) => ({ user: 0, nice: 0, sys: 0, idle: 0, irq: 0, ...change });

describe('The pressure on the machine', () => {
  it('is high after several measurements in a row, not after one', () => {
    const gauge = new PressureGauge();
    for (let check = 1; check < busyChecks; check += 1) expect(gauge.add(0.9)).toBe(false);
    expect(gauge.add(0.5)).toBe(false);
    for (let check = 1; check < busyChecks; check += 1) expect(gauge.add(0.9)).toBe(false);
    expect(gauge.add(0.9)).toBe(true);
  });

  it('stays high until the machine has been calm for a while', () => {
    const gauge = new PressureGauge();
    for (let check = 0; check < busyChecks; check += 1) gauge.add(1);
    for (let check = 0; check < 50; check += 1) expect(gauge.add(0.5)).toBe(true);
    for (let check = 1; check < calmChecks; check += 1) expect(gauge.add(0.1)).toBe(true);
    expect(gauge.add(0.1)).toBe(false);
  });

  it('does not count niced processes', () => {
    const before = [times({}), times({})];
    expect(shareOfOthers(before, [times({ nice: 100 }), times({ nice: 50, idle: 50 })])).toBe(0);
    expect(shareOfOthers(before, [times({ nice: 50, user: 50 }), times({ sys: 30, irq: 20, idle: 50 })])).toBe(0.5);
    expect(shareOfOthers(before, before)).toBeUndefined();
  });
});
