import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { until } from '../testing/index.ts';
import { isRunnable } from './isRunnable.ts';

describe.runIf(process.platform === 'linux')('A process', () => {
  it('is runnable while it computes, and not while it sleeps, is stopped or has ended', async () => {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => { for (;;); }, 500)']);
    const pid = child.pid ?? NaN;
    try {
      await until('it to sleep', () => !isRunnable(pid));
      await until('it to compute', () => isRunnable(pid));
      child.kill('SIGSTOP');
      await until('it to be stopped', () => !isRunnable(pid));
    } finally {
      child.kill('SIGKILL');
    }
    expect(isRunnable(2 ** 22 + 1)).toBe(false);
  });
});
