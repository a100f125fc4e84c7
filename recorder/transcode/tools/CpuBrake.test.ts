import { describe, expect, it } from 'vitest';
import { ManualClock, silentLogger } from '#engine/testing';
import { busyChecks, calmChecks, cpuCheckMs, liveCheckMs } from '../limits.ts';
import { CpuBrake } from './CpuBrake.ts';

/** A machine of one processor, on which other work uses a share that the test sets. */
function machine({ isLectureLive = async () => true }: { isLectureLive?: () => Promise<boolean> } = {}) {
  const clock = new ManualClock();
  const sent: string[] = [];
  let [user, idle] = [0, 0];
  const brake = new CpuBrake({
    clock,
    logger: silentLogger,
    isLectureLive,
    readCpus: () => [{ user, idle, nice: 0, sys: 0, irq: 0 }],
    send: (pid, signal) => void sent.push(`${pid} ${signal}`),
  });
  const run = async (share: number, checks: number) => {
    for (let check = 0; check < checks; check += 1) {
      user += share * 100;
      idle += (1 - share) * 100;
      clock.advance(cpuCheckMs);
      // The answer whether a lecture is live.
      await Promise.resolve().then(() => undefined).then(() => undefined).then(() => undefined);
    }
  };
  return { brake, sent, run };
}

describe('The brake of transcoding', () => {
  it('stops its processes while other work needs the machine, and continues them afterwards', async () => {
    const { brake, sent, run } = machine();
    brake.govern(7);
    await run(0.9, busyChecks - 1);
    expect(sent).toEqual([]);
    await run(0.9, 1);
    expect(sent).toEqual(['7 SIGSTOP']);
    await run(0.5, 100);
    expect(sent).toEqual(['7 SIGSTOP']);
    await run(0.1, calmChecks);
    expect(sent).toEqual(['7 SIGSTOP', '7 SIGCONT']);
    brake.close();
  });

  it('lets nothing start while it is on, and nothing that has ended be signalled', async () => {
    const { brake, sent, run } = machine();
    const release = brake.govern(7);
    await run(1, busyChecks);
    let isOff = false;
    const waiting = brake.whenOff().then(() => (isOff = true));
    const stopped = new AbortController();
    const given = brake.whenOff(stopped.signal);
    stopped.abort(new Error('stopping'));
    await expect(given).rejects.toThrow('stopping');
    brake.govern(8);
    release();
    expect(isOff).toBe(false);
    await run(0, calmChecks);
    await waiting;
    expect(sent).toEqual(['7 SIGSTOP', '8 SIGSTOP', '8 SIGCONT']);
    brake.close();
  });

  it('stops nothing on a busy machine without a live lecture, and stops when one begins', async () => {
    let isLive = false;
    const { brake, sent, run } = machine({ isLectureLive: async () => isLive });
    brake.govern(7);
    await run(1, 100);
    expect(sent).toEqual([]);
    isLive = true;
    await run(1, liveCheckMs / cpuCheckMs);
    expect(sent).toEqual(['7 SIGSTOP']);
    isLive = false;
    await run(1, liveCheckMs / cpuCheckMs);
    expect(sent).toEqual(['7 SIGSTOP', '7 SIGCONT']);
    brake.close();
  });

  it('stops while it cannot be known whether a lecture is live', async () => {
    const { brake, sent, run } = machine({ isLectureLive: () => Promise.reject(new Error('the database is away')) });
    brake.govern(7);
    await run(1, busyChecks);
    expect(sent).toEqual(['7 SIGSTOP']);
    brake.close();
  });

  it('lets everything go when it is closed', async () => {
    const { brake, sent, run } = machine();
    await run(1, busyChecks);
    brake.govern(9);
    const waiting = brake.whenOff();
    brake.close();
    await waiting;
    expect(sent).toEqual(['9 SIGSTOP', '9 SIGCONT']);
  });
});
