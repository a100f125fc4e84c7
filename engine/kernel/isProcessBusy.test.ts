import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { until } from '../testing/index.ts';
import { isProcessBusy } from './isProcessBusy.ts';

const computing = 'for (;;);';
const inAThread = `new (require('node:worker_threads').Worker)(${JSON.stringify(computing)}, { eval: true })`;

describe.runIf(process.platform === 'linux')('A process', () => {
  it.each([
    ['computes', computing],
    ['computes in another thread than its first', inAThread],
  ])('is at work while it %s, and not while it sleeps, is stopped or has ended', async (_what, work) => {
    const child = spawn(process.execPath, ['-e', `setTimeout(() => { ${work} }, 500)`]);
    const pid = child.pid ?? NaN;
    try {
      await until('it to sleep', () => isProcessBusy(pid) === false);
      await until('it to compute', () => isProcessBusy(pid));
      child.kill('SIGSTOP');
      await until('it to be stopped', () => isProcessBusy(pid) === false);
    } finally {
      child.kill('SIGKILL');
    }
    expect(isProcessBusy(2 ** 22 + 1)).toBe(false);
  });
});
