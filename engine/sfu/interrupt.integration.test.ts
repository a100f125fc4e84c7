import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';
import { until } from '../testing/until.ts';

const patientMs = 60_000;

it('media flows on after Ctrl-C has reached the process group, until the plane is closed', async () => {
  // A process group of its own, as a terminal gives to a command.
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'testing', 'interruptedPlane.ts')], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const group = -(child.pid ?? 0);
  await until('media', () => lines.includes('frame'), patientMs);
  process.kill(group, 'SIGINT');
  await until('the interruption', () => lines.includes('interrupted'), patientMs);
  const before = lines.length;
  await until('more media', () => lines.slice(before).filter((line) => line === 'frame').length >= 25, patientMs);
  child.kill('SIGTERM');
  const [code] = (await once(child, 'exit')) as [number];
  expect(code).toBe(0);
  expect(lines.filter((line) => line.startsWith('closed'))).toEqual(['closed stopping']);
  expect(lines.filter((line) => line.includes('died'))).toEqual([]);
});
