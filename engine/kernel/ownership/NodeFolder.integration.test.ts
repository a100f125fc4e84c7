import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openNodeFolder } from './NodeFolder.ts';

const script = fileURLToPath(new URL('./testing/holdNodeFolder.ts', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lectern-node-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('The folder of a node', () => {
  it('has the same id at every start', () => {
    const first = openNodeFolder(folder);
    expect(first.nodeId).toMatch(/^nod_[0-9a-z]{20}$/);
    first.close();
    const second = openNodeFolder(folder);
    expect(second.nodeId).toBe(first.nodeId);
    second.close();
  });

  it('has another id in another folder', () => {
    const [one, other] = [openNodeFolder(folder), openNodeFolder(path.join(folder, 'other'))];
    expect(one.nodeId).not.toBe(other.nodeId);
    one.close();
    other.close();
  });

  it('refuses a second process, and opens at once when the first was killed', async () => {
    const holder = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    const nodeId = await new Promise<string>((resolve) => holder.stdout.setEncoding('utf8').once('data', (text: string) => resolve(text.trim())));
    expect(() => openNodeFolder(folder)).toThrow(`The data folder ${folder} is in use by another process`);
    const exited = new Promise((resolve) => holder.once('exit', resolve));
    holder.kill('SIGKILL');
    await exited;
    const node = openNodeFolder(folder);
    expect(node.nodeId).toBe(nodeId);
    node.close();
  }, 60_000);
});
