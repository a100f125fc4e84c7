import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { until } from '../testing/index.ts';
import { isAtWork } from './isAtWork.ts';

const computing = 'for (;;);';
const inAThread = `new (require('node:worker_threads').Worker)(${JSON.stringify(computing)}, { eval: true })`;

describe.runIf(process.platform === 'linux')('A process', () => {
  it.each([
    ['computes', computing],
    ['computes in another thread than its first', inAThread],
  ])('is at work while it %s, and not while it sleeps, is stopped or has ended', async (_what, work) => {
    // It computes once it is told to: a busy machine may take long to start it.
    const child = spawn(process.execPath, ['-e', `process.stdin.once('data', () => { ${work} })`], { stdio: ['pipe', 'ignore', 'ignore'] });
    const pid = child.pid ?? NaN;
    try {
      await until('it to sleep', () => isAtWork(pid) === false);
      child.stdin.write('go');
      await until('it to compute', () => isAtWork(pid));
      child.kill('SIGSTOP');
      await until('it to be stopped', () => isAtWork(pid) === false);
    } finally {
      child.kill('SIGKILL');
    }
    expect(isAtWork(2 ** 22 + 1)).toBe(false);
  });
});
