import { expect, it } from 'vitest';
import { ManualClock } from '../testing/ManualClock.ts';
import { meterHalfLifeMs } from './limits.ts';
import { WorkerMeter } from './WorkerMeter.ts';

it('follows a change by half within its half-life, however often it is read', () => {
  for (const readings of [1, 8]) {
    const clock = new ManualClock();
    const meter = new WorkerMeter(clock);
    let cpuMs = 500;
    meter.note({ cpuMs, egressBps: 1_000_000 });
    expect([meter.cpuShare, meter.egressBps]).toEqual([0, 0]);
    for (let reading = 0; reading < readings; reading += 1) {
      clock.advance(meterHalfLifeMs / readings);
      cpuMs += (0.8 * meterHalfLifeMs) / readings;
      meter.note({ cpuMs, egressBps: 1_000_000 });
    }
    expect(meter.cpuShare).toBeCloseTo(0.4);
    expect(meter.egressBps).toBeCloseTo(500_000);
  }
});

it('ignores two readings at one moment', () => {
  const meter = new WorkerMeter(new ManualClock());
  meter.note({ cpuMs: 0, egressBps: 0 });
  meter.note({ cpuMs: 100, egressBps: 100 });
  expect([meter.cpuShare, meter.egressBps]).toEqual([0, 0]);
});
