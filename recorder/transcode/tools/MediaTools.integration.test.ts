import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isProcessBusy } from '#engine/kernel';
import { silentLogger, until } from '#engine/testing';
import { maxToolFiles, maxToolMemoryBytes } from '../limits.ts';
import type { Brake } from './Brake.ts';
import { noBrake } from './Brake.ts';
import { MediaTools } from './MediaTools.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lectern-tools-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Tools whose ffmpeg is a script. */
async function toolsOf(script: string, brake: Brake = noBrake): Promise<MediaTools> {
  const ffmpegPath = path.join(await mkdtemp(path.join(folder, 'bin-')), 'ffmpeg');
  await writeFile(ffmpegPath, `#!/bin/sh\n${script}\n`);
  await chmod(ffmpegPath, 0o755);
  return new MediaTools({ ffmpegPath, logger: silentLogger, brake, threads: 1, environment: { ...process.env, FFREPORT: 'file=/tmp/report', SECRET: 'x' } });
}

const run = (change: object = {}) => ({ program: 'ffmpeg' as const, args: [], cwd: folder, limitSeconds: 60, ...change });

describe.runIf(process.platform === 'linux')('A program for media', () => {
  it('has the lowest priority, limits, and an environment without settings and secrets', async () => {
    const tools = await toolsOf('nice; ulimit -v; ulimit -n; pwd; env');
    const [nice, memoryKb, files, cwd, ...environment] = (await tools.read(run())).trim().split('\n');
    expect([nice, Number(memoryKb) * 1024, files, cwd]).toEqual(['19', maxToolMemoryBytes, `${maxToolFiles}`, folder]);
    expect(environment.map((line) => line.split('=')[0]).filter((name) => !['PATH', 'PWD', 'LC_ALL', 'LD_LIBRARY_PATH', '_', 'SHLVL', 'OLDPWD'].includes(name ?? ''))).toEqual([]);
  });

  it('cannot write more than it may', async () => {
    const tools = await toolsOf('exec dd if=/dev/zero of=large bs=1024 count=1024');
    await expect(tools.run(run({ maxFileBytes: 10_000 }))).rejects.toMatchObject({ name: 'ToolFailure', isTimeout: false });
  });

  it('is killed after its time, and at a signal', async () => {
    const tools = await toolsOf('exec sleep 600');
    await expect(tools.run(run({ limitSeconds: 1 }))).rejects.toMatchObject({ name: 'ToolFailure', isTimeout: true });
    const stop = new AbortController();
    const running = tools.run(run({ signal: stop.signal }));
    stop.abort(new Error('not wanted'));
    await expect(running).rejects.toThrow('not wanted');
  });

  it('stands still while live lectures need the machine, which does not count as its time', async () => {
    let pid = 0;
    const brake = { ...noBrake, isOn: true, govern: (started: number) => {
      pid = started;
      return () => undefined;
    } };
    const stop = new AbortController();
    const tools = await toolsOf('while :; do :; done', brake);
    const running = tools.run(run({ limitSeconds: 1, signal: stop.signal }));
    running.catch(() => undefined);
    await until('the program', () => pid > 0 && isProcessBusy(pid));
    process.kill(pid, 'SIGSTOP');
    await until('standstill', () => isProcessBusy(pid) === false);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    process.kill(pid, 0);
    stop.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
  });

  it('runs while live lectures need the machine, when it is light', async () => {
    const brake = { ...noBrake, isOn: true, whenOff: (signal?: AbortSignal) => new Promise<void>((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('waited')))) };
    const tools = await toolsOf('echo done', brake);
    expect((await tools.read(run({ isLight: true }))).trim()).toBe('done');
    await expect(tools.read(run({ signal: AbortSignal.timeout(200) }))).rejects.toThrow('waited');
  });
});
