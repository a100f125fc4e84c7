import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteDatabase } from '#engine/kernel';
import { Spool } from '../capture/Spool.ts';
import { Journal } from '../journal/Journal.ts';
import type { AuditReport } from './AuditReport.ts';

const program = path.join(import.meta.dirname, 'audit.ts');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lectern-audit-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function run(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, env: { PATH: process.env.PATH, LECTERN_DATA_DIR: folder }, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err] = await Promise.all([child.stdout, child.stderr].map(async (pipe) => (await pipe.toArray()).join('')));
  const code = child.exitCode ?? (await new Promise<number | null>((resolve) => child.once('close', resolve)));
  return { code, out: out ?? '', err: err ?? '' };
}

const openDatabase = () => openSqliteDatabase({ path: path.join(folder, 'lectern.db') });

async function withRecording(): Promise<string> {
  const database = await openDatabase();
  const { recordingId } = await new Journal(database).openRecording({ lectureId: 'lec_1', courseId: 'crs_1', startedAt: '2030-01-01T00:00:00.000Z' });
  await database.close();
  return recordingId;
}

describe('npm run audit', () => {
  it('prints a line for each recording and exits with 0 when everything is intact', async () => {
    const recordingId = await withRecording();
    const { code, out } = await run();
    expect(out).toMatch(new RegExp(`^${recordingId}  recording, .*; intact`));
    expect(code).toBe(0);
  });

  it('prints everything as JSON, and exits with 1 when something is damaged', async () => {
    await withRecording();
    await new Spool(path.join(folder, 'spool')).write('stranger.m4s', Buffer.from('?'));
    const { code, out } = await run('--json');
    expect(JSON.parse(out) as AuditReport).toMatchObject({ isWhole: false, foreign: [{ kind: 'foreign', what: 'stranger.m4s' }] });
    expect(code).toBe(1);
  });

  it('prints that the server has to be stopped first', async () => {
    await withRecording();
    const database = await openDatabase();
    const { code, err } = await run();
    await database.close();
    expect(err).toContain('Lectern is running on this data folder. Stop it, then run the audit again.');
    expect(code).toBe(2);
  });

  it('does not create a data folder', async () => {
    const { code, err } = await run();
    expect(err).toContain('There is no Lectern data in');
    expect(code).toBe(2);
  });
});
