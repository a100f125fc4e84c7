import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { until } from '../testing/index.ts';
import { isProcessBusy } from './isProcessBusy.ts';

const endlessLoop = 'for (;;);';
const loopInWorker = `new (require('node:worker_threads').Worker)(${JSON.stringify(endlessLoop)}, { eval: true })`;

describe.runIf(process.platform === 'linux')('isProcessBusy', () => {
  it.each([
    ['main thread', endlessLoop],
    ['worker thread', loopInWorker],
  ])('is true while the %s computes, and false while the process sleeps or is stopped', async (_thread, work) => {
    // It computes once it gets input: a busy machine may take long to start it.
    const child = spawn(process.execPath, ['-e', `process.stdin.once('data', () => { ${work} })`], { stdio: ['pipe', 'ignore', 'ignore'] });
    const pid = child.pid ?? NaN;
    try {
      await until('the process to sleep', () => isProcessBusy(pid) === false);
      child.stdin.write('go');
      await until('the process to compute', () => isProcessBusy(pid));
      child.kill('SIGSTOP');
      await until('the process to be stopped', () => isProcessBusy(pid) === false);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('is false when there is no such process', () => {
    // Linux assigns no pid above 2^22 (PID_MAX_LIMIT in linux/threads.h).
    expect(isProcessBusy(2 ** 22 + 1)).toBe(false);
  });
});
