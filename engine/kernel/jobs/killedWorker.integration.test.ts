import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { silentLogger } from '../../testing/silentLogger.ts';
import { until } from '../../testing/until.ts';
import { InProcessBus } from '../bus/index.ts';
import { systemClock } from '../Clock.ts';
import { openSqliteDatabase } from '../database/index.ts';
import { JobQueue } from './JobQueue.ts';
import { heldJobs } from './testing/heldJobs.ts';

let folder: string;
let children: ChildProcess[];
let lines: string[];

beforeEach(async () => {
  [folder, children, lines] = [await mkdtemp(path.join(tmpdir(), 'lectern-jobs-')), [], []];
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

function startWorker(name: string): ChildProcess {
  const program = path.join(import.meta.dirname, 'testing/workerProcess.ts');
  const child = spawn(process.execPath, [program, path.join(folder, 'lectern.db'), name], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  return child;
}

it('A job whose worker process is killed with kill -9 is run by the next one, with the next fence', async () => {
  const database = await openSqliteDatabase({ path: path.join(folder, 'lectern.db') });
  const queue = new JobQueue({ database, bus: new InProcessBus({ clock: systemClock, logger: silentLogger }), clock: systemClock });
  await queue.add(heldJobs, { key: 'a', data: null });
  await database.close();
  const killed = startWorker('killed');
  await until('the first run', () => lines.includes('killed a 1'));
  const exited = once(killed, 'exit');
  killed.kill('SIGKILL');
  await exited;
  startWorker('last');
  await until('the second run', () => lines.includes('last a 2'));
  expect(lines).toEqual(['killed a 1', 'last a 2']);
});
