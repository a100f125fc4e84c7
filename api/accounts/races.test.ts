import { describe, expect, it, onTestFinished } from 'vitest';
import { UserId } from '#engine/contract';
import { InProcessBus } from '#engine/kernel';
import { ManualClock, openTestDatabase, silentLogger as logger } from '#engine/testing';
import { interleavedDatabase } from '../enrolment/testing/interleavedDatabase.ts';
import type { AwaitedCall } from '../enrolment/testing/interleavedDatabase.ts';
import { Accounts } from './Accounts.ts';
import type { AccountRights } from './Accounts.ts';
import { AccountStore } from './AccountStore.ts';
import { LoginStore } from './LoginStore.ts';
import type { Logins } from './Logins.ts';
import { hashPassword } from './passwords.ts';

const passwordCost = { memoryKib: 8, passes: 1, parallelism: 1 };
const nothing = () => Promise.resolve();
const rights: AccountRights = { revokeStreamKeys: nothing, demoteOwner: nothing, expelEverywhere: nothing, renamed: nothing };

/** Two processes with one database; `before` runs before each call of the second one. */
async function openSite(before: (call: AwaitedCall) => Promise<void> = nothing) {
  const database = await openTestDatabase();
  onTestFinished(() => database.close());
  const clock = new ManualClock();
  const bus = new InProcessBus({ clock, logger });
  const logins = await LoginStore.open({ database, bus, logger });
  const endsLogins = { endAll: (userId: UserId) => logins.endAllOf(userId) } as unknown as Logins;
  const process = (own = database) => {
    const store = new AccountStore(own);
    return { store, accounts: new Accounts({ store, logins: endsLogins, rights, clock, logger, passwordCost }) };
  };
  const [one, two] = [process(), process(interleavedDatabase(database, before))];
  const add = async (name: string, roles: ('admin' | 'student')[], password = 'the old password') => {
    const passwordHash = await hashPassword(password, { cost: passwordCost });
    return UserId.parse((await one.store.add({ email: `${name}@example.org`, displayName: name, roles, passwordHash, createdAt: '2030-01-01T00:00:00.000Z' }))._id);
  };
  return { one, two, add };
}

/** Lets the first call that matches wait for what `release` is given. */
function gate(matches: (call: AwaitedCall) => boolean) {
  const [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let isOpen = false;
  return {
    reached: reached.promise,
    release: () => released.resolve(),
    before: async (call: AwaitedCall) => {
      if (isOpen || !matches(call)) return;
      isOpen = true;
      reached.resolve();
      await released.promise;
    },
  };
}

const isWrite = ({ collection, method }: AwaitedCall) => collection === 'users' && method === 'findOneAndUpdate';

describe('two processes', () => {
  it.each(['deactivate', 'demote'] as const)('keep one administrator when two administrators remove each other at once (%s)', async (way) => {
    const held = gate(isWrite);
    const { one, two, add } = await openSite(held.before);
    const [ada, ben] = [await add('ada', ['admin']), await add('ben', ['admin'])];
    const remove = (accounts: Accounts, userId: UserId, by: UserId) => (way === 'deactivate' ? accounts.deactivate(userId, by) : accounts.setRoles(userId, ['student'], by));
    // The second process has found another administrator, and not written yet.
    const late = remove(two.accounts, ada, ben);
    await held.reached;
    await remove(one.accounts, ben, ada);
    held.release();
    await expect(late).rejects.toMatchObject({ code: 'account.lastAdmin' });
    expect(await one.store.get(ada)).toMatchObject({ roles: ['admin'], deactivatedAt: null });
    expect(await one.store.hasAdmin()).toBe(true);
  });

  it('keep a password that was reset while the owner’s own change was checked', async () => {
    const held = gate(isWrite);
    const { one, two, add } = await openSite(held.before);
    const sam = await add('sam', ['student']);
    const change = two.accounts.update({ userId: sam, loginId: 'lgn_1' } as never, { password: 'from a thief', currentPassword: 'the old password' });
    await held.reached;
    await one.accounts.replacePassword(sam, await one.accounts.hash('from the owner'));
    held.release();
    await expect(change).rejects.toMatchObject({ code: 'credentials.wrong' });
    expect((await one.accounts.checkCredentials({ email: 'sam@example.org', password: 'from the owner' }))._id).toBe(sam);
  });

  it('let nobody undo the deactivation by an administrator by leaving at the same time', async () => {
    const held = gate(isWrite);
    const { one, two, add } = await openSite(held.before);
    const [ada, sam] = [await add('ada', ['admin']), await add('sam', ['student'])];
    const leaving = two.accounts.leave(sam);
    await held.reached;
    await one.accounts.deactivate(sam, ada);
    held.release();
    await leaving;
    await expect(one.accounts.checkCredentials({ email: 'sam@example.org', password: 'the old password' })).rejects.toMatchObject({ code: 'account.deactivated' });
    // The wish to be erased stays.
    expect((await one.store.get(sam)).eraseAfter).toEqual(expect.any(String));
  });
});

describe('the search of people', () => {
  it('finds people by the names that another process gives them', async () => {
    const database = await openTestDatabase();
    onTestFinished(() => database.close());
    const bus = new InProcessBus({ clock: new ManualClock(), logger });
    const [here, there] = [new AccountStore(database), new AccountStore(database)];
    for (const store of [here, there]) await store.follow(bus);
    const { _id } = await here.add({ email: 'a@example.org', displayName: 'Ágata', roles: ['student'], passwordHash: null, createdAt: '2030-01-01T00:00:00.000Z' });
    expect(await there.search('agata')).toEqual([_id]);
    await here.update(UserId.parse(_id), { displayName: 'Zoë' });
    await expect.poll(() => there.search('zoe'), { timeout: 30_000 }).toEqual([_id]);
    expect(await there.search('agata')).toEqual([]);
  });
});
