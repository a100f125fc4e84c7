import { afterEach, describe, expect, it } from 'vitest';
import { createLogger, isProcessBusy } from '#engine/kernel';
import { ManualClock, until } from '#engine/testing';
import { SupervisedFfmpeg } from './SupervisedFfmpeg.ts';
import type { FfmpegTrouble } from './SupervisedFfmpeg.ts';

/** `cat` is a process that outputs what it reads. */
function open(command = 'cat', args: readonly string[] = []) {
  const clock = new ManualClock();
  const pids: number[] = [];
  const troubles: FfmpegTrouble[] = [];
  const output = { bytes: 0 };
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
    onStdout: (piece: Buffer) => void (output.bytes += piece.length),
    onTrouble: (trouble: FfmpegTrouble) => void troubles.push(trouble),
  };
  const process = new SupervisedFfmpeg(task, { command, clock, logger });
  process.start();
  const writeAndRead = async () => {
    const before = output.bytes;
    process.write(Buffer.of(1));
    await until('the output', () => output.bytes > before);
  };
  return { clock, pids, troubles, process, writeAndRead };
}

function isRunning(pid: number | undefined): boolean {
  try {
    return global.process.kill(pid ?? 0, 0);
  } catch {
    return false;
  }
}

describe('SupervisedFfmpeg', () => {
  const opened: SupervisedFfmpeg[] = [];
  const openOne = (command?: string, args?: readonly string[]) => {
    const one = open(command, args);
    opened.push(one.process);
    return one;
  };
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((process) => process.close()));
  });

  it('replaces a process that hangs within three seconds, without a delay, and kills it', async () => {
    const { clock, pids, troubles, process, writeAndRead } = openOne();
    for (let round = 1; round <= 5; round += 1) {
      await writeAndRead();
      for (let second = 0; second < 6; second += 1) {
        clock.advance(1000);
        await writeAndRead();
      }
      global.process.kill(pids.at(-1) ?? 0, 'SIGSTOP');
      for (let write = 0; write < 5; write += 1) process.write(Buffer.of(1));
      clock.advance(2000);
      expect(pids).toHaveLength(round);
      clock.advance(1000);
      expect(pids).toHaveLength(round + 1);
    }
    expect(troubles).toEqual(['stalled', 'stalled', 'stalled', 'stalled', 'stalled']);
    await until('the others to be gone', () => pids.filter(isRunning).length === 1);
    expect(process.failures).toBe(1);
  });

  it.runIf(global.process.platform === 'linux')('replaces an idle process with many writes within a second and a half', async () => {
    const { clock, pids, process, writeAndRead } = openOne();
    await writeAndRead();
    clock.advance(6000);
    await writeAndRead();
    global.process.kill(pids[0] ?? 0, 'SIGSTOP');
    for (let write = 0; write < 10; write += 1) process.write(Buffer.of(1));
    await until('it to stop', () => isProcessBusy(pids[0] ?? 0) === false);
    clock.advance(1000);
    expect(pids).toHaveLength(1);
    clock.advance(500);
    expect(pids).toHaveLength(2);
  });

  it.runIf(global.process.platform === 'linux')('waits for a process that computes', async () => {
    const { clock, pids, process, writeAndRead } = openOne('sh', ['-c', 'head -c 1; while :; do :; done']);
    await writeAndRead();
    await until('it to compute', () => isProcessBusy(pids[0] ?? 0));
    for (let write = 0; write < 10; write += 1) process.write(Buffer.of(1));
    clock.advance(1500);
    expect(pids).toHaveLength(1);
  });

  it.each(['everything', 'all but the last frame'])('waits when much arrives after a stalled source and %s was answered', async (answered) => {
    const { clock, pids, process, writeAndRead } = openOne();
    await writeAndRead();
    clock.advance(6000);
    await writeAndRead();
    global.process.kill(pids[0] ?? 0, 'SIGSTOP');
    // As an ffmpeg that drops every other frame.
    if (answered !== 'everything') process.write(Buffer.of(1));
    clock.advance(8000);
    for (let write = 0; write < 200; write += 1) process.write(Buffer.of(1));
    clock.advance(500);
    expect(pids).toHaveLength(1);
    clock.advance(2750);
    expect(pids).toHaveLength(2);
  });

  it('does not replace a process that has nothing to do', async () => {
    const { clock, pids, writeAndRead } = openOne();
    await writeAndRead();
    clock.advance(60_000);
    expect(pids).toHaveLength(1);
  });

  it('doubles the delay with each failure in a row', async () => {
    const { clock, troubles, process } = openOne('false');
    for (const delayMs of [0, 250, 500, 1000, 2000, 4000, 5000, 5000]) {
      const before = troubles.length;
      await until('the failure', () => troubles.length > before);
      if (delayMs > 0) clock.advance(delayMs - 1);
      expect(process.isRunning).toBe(false);
      clock.advance(1);
    }
  });

  it('waits longer for the first output, but not for ever', async () => {
    const { clock, pids, process } = openOne();
    global.process.kill(pids[0] ?? 0, 'SIGSTOP');
    for (let write = 0; write < 5; write += 1) process.write(Buffer.of(1));
    clock.advance(5000);
    expect(pids).toHaveLength(1);
    clock.advance(1000);
    expect(pids).toHaveLength(2);
    expect(process.failures).toBe(1);
  });

  it('starts another process for another source, without a failure, at most twice a second', async () => {
    const { clock, pids, troubles, process, writeAndRead } = openOne();
    for (let change = 0; change < 20; change += 1) {
      clock.advance(50);
      process.renew();
    }
    expect(pids.length).toBeLessThanOrEqual(3);
    expect(troubles).toEqual([]);
    clock.advance(500);
    await writeAndRead();
    await until('the others to be gone', () => pids.filter(isRunning).length === 1);
  });
});
