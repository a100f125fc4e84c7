import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { silentLogger } from '../testing/silentLogger.ts';
import { until } from '../testing/until.ts';
import { ChildProcess } from './ChildProcess.ts';

/** `/proc/<pid>/stat`, proc(5): the process group is the third field after the name. */
async function processGroupOf(pid: number): Promise<number> {
  return Number((await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ')[2]);
}

it.skipIf(process.platform !== 'linux')('is in a process group of its own, so that Ctrl-C does not reach it, and ends when its input closes', async () => {
  const child = new ChildProcess({ command: 'cat', args: [], name: 'cat', logger: silentLogger });
  await until('the process', () => child.pid !== undefined);
  expect(await processGroupOf(child.pid!)).toBe(child.pid);
  expect(await processGroupOf(process.pid)).not.toBe(child.pid);
  child.stdin.end();
  expect(await child.exited).toMatchObject({ code: 0 });
});
