import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserId } from '../../contract/index.ts';
import { ManualClock } from '../../testing/ManualClock.ts';
import { silentLogger } from '../../testing/silentLogger.ts';
import { until } from '../../testing/until.ts';
import { openSqliteDatabase } from '../database/index.ts';
import type { Database } from '../database/index.ts';
import { newId } from '../newId.ts';
import { createSecretFile } from '../secretFiles.ts';
import { TokenSigner } from '../TokenSigner.ts';
import { activationDelayMs, ageCheckMs, reloadIntervalMs } from './limits.ts';
import { Secrets } from './Secrets.ts';
import type { SecretsOptions } from './Secrets.ts';

const sealKey = 'x'.repeat(32);
const hourMs = 3600_000;
const lifetimeMs = 6 * hourMs;
const claims = { userId: UserId.parse(newId('usr')), roles: [], loginId: 'lgn', generation: 1 };

let folder: string;
let database: Database;
let clock: ManualClock;
let opened: Secrets[];

beforeEach(async () => {
  [folder, database, clock, opened] = [await mkdtemp(path.join(tmpdir(), 'lectern-secrets-')), await openSqliteDatabase({ path: ':memory:' }), new ManualClock(), []];
});
afterEach(async () => {
  for (const secrets of opened) secrets.close();
  await database.close();
  await rm(folder, { recursive: true });
});

/** Another process of the site, with another data folder. */
async function startProcess(options: Partial<SecretsOptions> = {}) {
  const secrets = await Secrets.open({ database, secretsFolder: path.join(folder, newId('prc')), sealKey, rotateAfterMs: undefined, clock, logger: silentLogger, ...options });
  opened.push(secrets);
  const tokenKey = await secrets.tokenKey(lifetimeMs);
  return { secrets, tokenKey, signer: new TokenSigner(tokenKey, clock) };
}

describe('The secrets of a site', () => {
  it('are created once when many processes start at once', async () => {
    const processes = await Promise.all(Array.from({ length: 10 }, () => startProcess()));
    const [token] = processes.map(({ signer }) => signer.sign('access', claims, 600));
    for (const { signer } of processes) expect(signer.verify('access', token ?? '')).toMatchObject(claims);
    const refresh = await Promise.all(processes.map(async ({ secrets }) => (await secrets.refreshKey(lifetimeMs)).current().value));
    expect(new Set(refresh).size).toBe(1);
  });

  it('are sealed: the database alone does not have them', async () => {
    const { tokenKey } = await startProcess();
    const rows = await database.collection<{ _id: string }>({ name: 'secrets', indexes: [] }).find({});
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(tokenKey.current().value.slice(40, 80));
    expect(JSON.stringify(rows)).not.toContain('PRIVATE KEY');
  });

  it('cannot be opened with another seal key, and say what to do', async () => {
    await startProcess();
    await expect(startProcess({ sealKey: 'y'.repeat(32) })).rejects.toThrow('Set LECTERN_SECRET to the value that the other servers have');
  });

  it('are sealed with a file of the data folder where no setting has the key, also when two processes start at once there', async () => {
    const secretsFolder = path.join(folder, 'secrets');
    const processes = await Promise.all(Array.from({ length: 5 }, () => startProcess({ sealKey: undefined, secretsFolder })));
    expect(new Set(processes.map(({ tokenKey }) => tokenKey.current().value)).size).toBe(1);
    expect(await readdir(secretsFolder)).toEqual(['seal-key']);
    expect((await stat(path.join(secretsFolder, 'seal-key'))).mode & 0o077).toBe(0);
  });

  it('of an earlier version are taken from the data folder', async () => {
    const secretsFolder = path.join(folder, 'secrets');
    await mkdir(secretsFolder);
    await writeFile(path.join(secretsFolder, 'refresh-key'), 'the old key');
    const { secrets } = await startProcess({ secretsFolder });
    expect((await secrets.refreshKey(lifetimeMs)).current().value).toBe('the old key');
  });
});

describe('A rotation', () => {
  it('signs nobody out: every process accepts old and new tokens, and the old key only for as long as its tokens are valid', async () => {
    const [one, two] = [await startProcess(), await startProcess()];
    const before = one.signer.sign('access', claims, lifetimeMs / 1000);
    const keyBefore = one.tokenKey.current().id;
    await one.tokenKey.rotate();
    expect(one.tokenKey.current().id).toBe(keyBefore);
    // The other one reads it within its interval, and both use it from the same moment on.
    for (let ms = 0; ms < activationDelayMs; ms += reloadIntervalMs) {
      clock.advance(reloadIntervalMs);
      await until('the read', async () => two.tokenKey.accepted().length === 2);
    }
    const newKey = one.tokenKey.current().id;
    expect(newKey).not.toBe(keyBefore);
    expect(two.tokenKey.current().id).toBe(newKey);
    const [after, afterToo] = [one.signer.sign('access', claims, 600), two.signer.sign('access', claims, 600)];
    for (const { signer } of [one, two]) for (const token of [before, after, afterToo]) expect(signer.verify('access', token)).toMatchObject(claims);
    clock.advance(lifetimeMs + 1);
    expect(one.tokenKey.accepted().map(({ id }) => id)).toEqual([newKey]);
  });

  it('by age happens once, however many processes are old enough', async () => {
    const rotating = { rotateAfterMs: 30 * 24 * hourMs };
    const processes = [await startProcess(rotating), await startProcess(rotating), await startProcess(rotating)];
    const keyBefore = processes[0]?.tokenKey.current().id;
    clock.standStill(31 * 24 * hourMs);
    for (let round = 0; round < 3; round += 1) {
      clock.advance(ageCheckMs + reloadIntervalMs);
      await until('the reads', () => processes.every(({ tokenKey }) => tokenKey.accepted().length === 2 || tokenKey.current().id !== keyBefore));
    }
    clock.advance(activationDelayMs);
    await until('one key', () => new Set(processes.map(({ tokenKey }) => tokenKey.current().id)).size === 1);
    const row = await database.collection<{ _id: string; revision: number }>({ name: 'secrets', indexes: [] }).findOne({ _id: 'token-key' });
    expect(row).toMatchObject({ revision: 2 });
  });
});

it('A secret file is created once by many callers, whole and for its owner only', async () => {
  const file = path.join(folder, 'deep', 'key');
  const texts = await Promise.all(Array.from({ length: 20 }, (_, i) => createSecretFile(file, () => `secret ${i}`)));
  expect(new Set(texts).size).toBe(1);
  expect(await readFile(file, 'utf8')).toBe(texts[0]);
  expect((await stat(file)).mode & 0o077).toBe(0);
  expect(await readdir(path.dirname(file))).toEqual(['key']);
});
