import { describe, expect, it } from 'vitest';
import { ManualClock, silentLogger } from '#engine/testing';
import { busyChecks, calmChecks, cpuCheckMs } from '../limits.ts';
import { CpuBrake } from './CpuBrake.ts';

/** A machine of one processor, on which other work uses a share that the test sets. */
function machine() {
  const clock = new ManualClock();
  const sent: string[] = [];
  let [user, idle] = [0, 0];
  const brake = new CpuBrake({
    clock,
    logger: silentLogger,
    readCpus: () => [{ user, idle, nice: 0, sys: 0, irq: 0 }],
    send: (pid, signal) => void sent.push(`${pid} ${signal}`),
  });
  const run = (share: number, checks: number) => {
    for (let check = 0; check < checks; check += 1) {
      user += share * 100;
      idle += (1 - share) * 100;
      clock.advance(cpuCheckMs);
    }
  };
  return { brake, sent, run };
}

describe('The brake of transcoding', () => {
  it('stops its processes while other work needs the machine, and continues them afterwards', () => {
    const { brake, sent, run } = machine();
    brake.govern(7);
    run(0.9, busyChecks - 1);
    expect(sent).toEqual([]);
    run(0.9, 1);
    expect(sent).toEqual(['7 SIGSTOP']);
    run(0.5, 100);
    expect(sent).toEqual(['7 SIGSTOP']);
    run(0.1, calmChecks);
    expect(sent).toEqual(['7 SIGSTOP', '7 SIGCONT']);
    brake.close();
  });

  it('lets nothing start while it is on, and nothing that has ended be signalled', async () => {
    const { brake, sent, run } = machine();
    const release = brake.govern(7);
    run(1, busyChecks);
    let isOff = false;
    const waiting = brake.whenOff().then(() => (isOff = true));
    const stopped = new AbortController();
    const given = brake.whenOff(stopped.signal);
    stopped.abort(new Error('stopping'));
    await expect(given).rejects.toThrow('stopping');
    brake.govern(8);
    release();
    expect(isOff).toBe(false);
    run(0, calmChecks);
    await waiting;
    expect(sent).toEqual(['7 SIGSTOP', '8 SIGSTOP', '8 SIGCONT']);
    brake.close();
  });

  it('lets everything go when it is closed', async () => {
    const { brake, sent, run } = machine();
    run(1, busyChecks);
    brake.govern(9);
    const waiting = brake.whenOff();
    brake.close();
    await waiting;
    expect(sent).toEqual(['9 SIGSTOP', '9 SIGCONT']);
  });
});
