import { afterEach, beforeEach, expect, it } from 'vitest';
import { InProcessBus, LeaseKeeper } from '#engine/kernel';
import type { Database } from '#engine/kernel';
import { ManualClock, openTestDatabase, silentLogger as logger, until } from '#engine/testing';
import { UploadLocks } from './UploadLocks.ts';

const uploadId = 'upl_one';
let clock: ManualClock;
let database: Database;
let bus: InProcessBus;
const opened: (() => Promise<void> | void)[] = [];

beforeEach(async () => {
  clock = new ManualClock();
  database = await openTestDatabase();
  bus = new InProcessBus({ clock, logger });
});
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
  await database.close();
});

/** One of the processes of a site. */
async function process(nodeId: string): Promise<{ locks: UploadLocks; leases: LeaseKeeper }> {
  const leases = new LeaseKeeper({ database, nodeId, isShared: true, clock, logger });
  const locks = await UploadLocks.open({ leases, bus, clock });
  opened.push(() => locks.close(), () => leases.close());
  return { locks, leases };
}

/** A request that holds the upload until it is aborted or finished. */
function holder(isStalled = false) {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { isStalled, wasAborted: false, ended: promise, finish: () => resolve(), abort() { this.wasAborted = true; resolve(); } };
}

async function settled<T>(promise: Promise<T>): Promise<T> {
  let isSettled = false;
  const done = () => (isSettled = true);
  promise.then(done, done);
  await until('the end', () => {
    clock.advance(250);
    return isSettled;
  });
  return promise;
}

async function hold(locks: UploadLocks, request: ReturnType<typeof holder>): Promise<Promise<void>> {
  let isHeld = false;
  const running = locks.hold(uploadId, request, async () => {
    isHeld = true;
    await request.ended;
  });
  await until('the lock', () => isHeld);
  return running;
}

it('An upload that another process is receiving is refused, and free when that has finished', async () => {
  const [one, two] = [await process('nod_1'), await process('nod_2')];
  const first = holder();
  const running = hold(one.locks, first);
  await until('the first', async () => (await one.leases.ownerOf(`upload ${uploadId}`)) === 'nod_1');
  await expect(settled(two.locks.hold(uploadId, holder(), async () => 'mine'))).rejects.toMatchObject({ code: 'upload.locked' });
  expect(first.wasAborted).toBe(false);
  first.finish();
  await running;
  expect(await two.locks.hold(uploadId, holder(), async () => 'mine')).toBe('mine');
  expect(await one.leases.ownerOf(`upload ${uploadId}`)).toBeUndefined();
});

it('A request in another process whose client is gone is ended for the next one', async () => {
  const [one, two] = [await process('nod_1'), await process('nod_2')];
  const dead = holder(true);
  const running = hold(one.locks, dead);
  await until('the first', async () => (await one.leases.ownerOf(`upload ${uploadId}`)) === 'nod_1');
  expect(await settled(two.locks.hold(uploadId, holder(), async () => 'mine'))).toBe('mine');
  expect(dead.wasAborted).toBe(true);
  await running;
});

it('The lock of a process that has died is taken over', async () => {
  const two = await process('nod_2');
  const other = new LeaseKeeper({ database, nodeId: 'nod_1', isShared: true, clock: new ManualClock(), logger });
  await other.take(`upload ${uploadId}`);
  expect(await settled(two.locks.hold(uploadId, holder(), async () => 'mine'))).toBe('mine');
});
