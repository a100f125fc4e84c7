import { afterEach, beforeEach, expect, it } from 'vitest';
import { MemoryRateLimiters } from '#engine/kernel';
import type { Database } from '#engine/kernel';
import { ManualClock, openTestDatabase } from '#engine/testing';
import { MacKeys } from '../access/index.ts';
import { AccountStore } from './AccountStore.ts';
import { FirstAccount } from './FirstAccount.ts';

let database: Database;
let limiters: MemoryRateLimiters;

beforeEach(async () => {
  database = await openTestDatabase();
  limiters = new MemoryRateLimiters(new ManualClock());
});
afterEach(() => database.close());

const secret = { value: 'secret of the site' };

/** One process of the site, and how it creates the account. */
async function openProcess() {
  const accounts = new AccountStore(database);
  const firstAccount = await FirstAccount.open({ accounts, keys: new MacKeys({ current: () => secret, accepted: () => [secret] }), limiters });
  const create = (email: string) => accounts.add({ email, displayName: 'Ada', roles: ['admin'], passwordHash: '', createdAt: '2026-01-01T00:00:00.000Z' });
  return { firstAccount, create };
}

it('is created in one process with the token that another has printed', async () => {
  const [printing, creating] = [await openProcess(), await openProcess()];
  const { token = '' } = printing.firstAccount;
  expect(token).toMatch(/^[\da-f]{64}$/);
  await creating.firstAccount.redeem(token, () => creating.create('ada@example.org'));
  expect(await printing.firstAccount.isNeeded()).toBe(false);
  expect(printing.firstAccount.token).toBeUndefined();
  await expect(printing.firstAccount.redeem(token, () => printing.create('eve@example.org'))).rejects.toMatchObject({ code: 'setup.done' });
});

it('is created once when two processes are asked at the same time', async () => {
  const processes = [await openProcess(), await openProcess()];
  const token = processes[0]?.firstAccount.token ?? '';
  const tries = processes.map(({ firstAccount, create }, index) => firstAccount.redeem(token, () => create(`${index}@example.org`)));
  const outcomes = await Promise.allSettled(tries);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

it('can be created after an attempt that has failed', async () => {
  const { firstAccount, create } = await openProcess();
  const token = firstAccount.token ?? '';
  await expect(firstAccount.redeem(token, () => Promise.reject(new Error('the disk is full')))).rejects.toThrow('the disk is full');
  await firstAccount.redeem(token, () => create('ada@example.org'));
  expect(await firstAccount.isNeeded()).toBe(false);
});
