import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';
import { processTree, until } from '#engine/testing';
import { freePort } from '../../engine/setup/freePort.ts';
import { describeWithOwnServer } from './classroomTest.ts';
import { isThere } from './trials/childProcesses.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const patientMs = 120_000;

describeWithOwnServer('Ctrl-C', () => {
  it('ends npm start cleanly when it reaches all of its processes', async () => {
    await using folder = await mkdtempDisposable(path.join(tmpdir(), 'lectern-ctrl-c-'));
    const ports = { LECTERN_HTTP_PORT: await freePort(), LECTERN_RTMP_PORT: await freePort(), LECTERN_RTC_PORT: await freePort() };
    const env = { ...process.env, ...ports, LECTERN_RTC_WORKERS: '1', LECTERN_HTTP_LISTEN_ADDRESS: '127.0.0.1', LECTERN_LOG_FORMAT: 'json', LECTERN_DATA_DIR: folder.path };
    // A process group of its own, as a terminal gives to a command.
    const child = spawn('npm', ['start'], { cwd: root, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    onTestFinished(() => {
      for (const { pid } of processTree(child.pid ?? 0)) process.kill(pid, 'SIGKILL');
    });
    const lines: string[] = [];
    for (const pipe of [child.stdout, child.stderr]) createInterface({ input: pipe }).on('line', (line) => lines.push(line));
    const exited = once(child, 'exit') as Promise<[number | null, string | null]>;
    await until('the start', () => lines.some((line) => line.includes('Lectern is running')), patientMs);
    const processes = processTree(child.pid ?? 0);
    expect(processes.some(({ command }) => command.startsWith('mediasoup-worke'))).toBe(true);
    process.kill(-(child.pid ?? 0), 'SIGINT');
    // A shell that is replaced by its command gets the signal, and npm forwards it a second time.
    processes.filter(({ command }) => command === 'MainThread' || command === 'node').forEach(({ pid }) => process.kill(pid, 'SIGINT'));
    // npm ends by the signal that its shell has got, which prints nothing.
    expect([[0, null], [null, 'SIGINT']]).toContainEqual(await exited);
    expect(lines.some((line) => line.includes('lectern.stopped'))).toBe(true);
    expect(lines.filter((line) => /died|"level":[56]0/.test(line))).toEqual([]);
    expect(processes.filter(({ pid }) => isThere(pid))).toEqual([]);
  });
});
