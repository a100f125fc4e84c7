import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { processTree, totalCpuSeconds, totalResidentMb } from './ProcessTree.ts';
import { until } from './until.ts';

describe('processTree', () => {
  it('finds a process and its descendants, with what they use', async () => {
    const child = spawn('sh', ['-c', 'sleep 60 & wait'], { stdio: 'ignore', detached: true });
    await until('the grandchild', () => processTree(child.pid ?? 0).length === 2);
    const tree = processTree(process.pid);
    expect(tree[0]?.pid).toBe(process.pid);
    expect(tree.map(({ command }) => command)).toEqual(expect.arrayContaining(['sh', 'sleep']));
    expect(totalCpuSeconds(tree)).toBeGreaterThan(0);
    expect(totalResidentMb(tree)).toBeGreaterThan(20);
    expect(tree[0]?.handles).toBeGreaterThan(3);
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    await once(child, 'exit');
    expect(processTree(child.pid ?? 0)).toEqual([]);
  });
});
