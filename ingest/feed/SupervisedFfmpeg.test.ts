import { afterEach, describe, expect, it } from 'vitest';
import { createLogger, isProcessBusy } from '#engine/kernel';
import { ManualClock, until } from '#engine/testing';
import { SupervisedFfmpeg } from './SupervisedFfmpeg.ts';
import type { FfmpegTrouble } from './SupervisedFfmpeg.ts';

/** `cat` stands for a process that answers to what it is fed. */
function open(command = 'cat', args: readonly string[] = []) {
  const clock = new ManualClock();
  const pids: number[] = [];
  const troubles: FfmpegTrouble[] = [];
  const heard = { bytes: 0 };
  const logger = createLogger({
    level: 'info',
    destination: {
      write: (line) => {
        const { msg, pid } = JSON.parse(line) as { msg: string; pid?: number };
        if (msg === 'ffmpeg.started' && pid !== undefined) pids.push(pid);
      },
    },
  });
  const task = {
    name: 'ffmpeg.test',
    args: () => args,
    begin: () => undefined,
    onStdout: (piece: Buffer) => void (heard.bytes += piece.length),
    onTrouble: (trouble: FfmpegTrouble) => void troubles.push(trouble),
  };
  const process = new SupervisedFfmpeg(task, { command, clock, logger });
  process.start();
  const feed = async () => {
    const before = heard.bytes;
    process.write(Buffer.of(1));
    await until('the answer', () => heard.bytes > before);
  };
  return { clock, pids, troubles, process, feed };
}

function isThere(pid: number | undefined): boolean {
  try {
    return global.process.kill(pid ?? 0, 0);
  } catch {
    return false;
  }
}

describe('An ffmpeg under supervision', () => {
  const opened: SupervisedFfmpeg[] = [];
  const openOne = (command?: string, args?: readonly string[]) => {
    const one = open(command, args);
    opened.push(one.process);
    return one;
  };
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((process) => process.close()));
  });

  it('is replaced within three seconds, and at once, when it hangs; the one that hung is gone', async () => {
    const { clock, pids, troubles, process, feed } = openOne();
    for (let round = 1; round <= 5; round += 1) {
      await feed();
      for (let second = 0; second < 6; second += 1) {
        clock.advance(1000);
        await feed();
      }
      global.process.kill(pids.at(-1) ?? 0, 'SIGSTOP');
      for (let write = 0; write < 5; write += 1) process.write(Buffer.of(1));
      clock.advance(2000);
      expect(pids).toHaveLength(round);
      clock.advance(1000);
      expect(pids).toHaveLength(round + 1);
    }
    expect(troubles).toEqual(['stalled', 'stalled', 'stalled', 'stalled', 'stalled']);
    await until('the others to be gone', () => pids.filter(isThere).length === 1);
    expect(process.failures).toBe(1);
  });

  it.runIf(global.process.platform === 'linux')('is replaced within a second and a half when it does nothing about much that it is fed', async () => {
    const { clock, pids, process, feed } = openOne();
    await feed();
    clock.advance(6000);
    await feed();
    global.process.kill(pids[0] ?? 0, 'SIGSTOP');
    for (let write = 0; write < 10; write += 1) process.write(Buffer.of(1));
    await until('it to stand', () => isProcessBusy(pids[0] ?? 0) === false);
    clock.advance(1000);
    expect(pids).toHaveLength(1);
    clock.advance(500);
    expect(pids).toHaveLength(2);
  });

  it.runIf(global.process.platform === 'linux')('is given time while it computes', async () => {
    const { clock, pids, process, feed } = openOne('sh', ['-c', 'head -c 1; while :; do :; done']);
    await feed();
    await until('it to compute', () => isProcessBusy(pids[0] ?? 0));
    for (let write = 0; write < 10; write += 1) process.write(Buffer.of(1));
    clock.advance(1500);
    expect(pids).toHaveLength(1);
  });

  it.each(['everything', 'all but the last picture'])('is given its time when much arrives after its source stood still and %s was answered', async (answered) => {
    const { clock, pids, process, feed } = openOne();
    await feed();
    clock.advance(6000);
    await feed();
    global.process.kill(pids[0] ?? 0, 'SIGSTOP');
    // As one that leaves out every other picture.
    if (answered !== 'everything') process.write(Buffer.of(1));
    clock.advance(8000);
    for (let write = 0; write < 200; write += 1) process.write(Buffer.of(1));
    clock.advance(500);
    expect(pids).toHaveLength(1);
    clock.advance(2750);
    expect(pids).toHaveLength(2);
  });

  it('is not missed while it has nothing to do', async () => {
    const { clock, pids, feed } = openOne();
    await feed();
    clock.advance(60_000);
    expect(pids).toHaveLength(1);
  });

  it('is started later and later when it fails time after time', async () => {
    const { clock, troubles, process } = openOne('false');
    for (const delayMs of [0, 250, 500, 1000, 2000, 4000, 5000, 5000]) {
      const before = troubles.length;
      await until('the failure', () => troubles.length > before);
      if (delayMs > 0) clock.advance(delayMs - 1);
      expect(process.isRunning).toBe(false);
      clock.advance(1);
    }
  });

  it('may be silent longer before its first word, but not for good', async () => {
    const { clock, pids, process } = openOne();
    global.process.kill(pids[0] ?? 0, 'SIGSTOP');
    for (let write = 0; write < 5; write += 1) process.write(Buffer.of(1));
    clock.advance(5000);
    expect(pids).toHaveLength(1);
    clock.advance(1000);
    expect(pids).toHaveLength(2);
    expect(process.failures).toBe(1);
  });

  it('starts afresh for another source, without a failure, and not more often than twice a second', async () => {
    const { clock, pids, troubles, process, feed } = openOne();
    for (let change = 0; change < 20; change += 1) {
      clock.advance(50);
      process.renew();
    }
    expect(pids.length).toBeLessThanOrEqual(3);
    expect(troubles).toEqual([]);
    clock.advance(500);
    await feed();
    await until('the others to be gone', () => pids.filter(isThere).length === 1);
  });
});
