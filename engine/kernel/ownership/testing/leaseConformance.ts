import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../testing/ManualClock.ts';
import { refusingDatabase } from '../../../testing/refusingDatabase.ts';
import { settlingDatabase } from '../../../testing/settlingDatabase.ts';
import type { SettlingDatabase } from '../../../testing/settlingDatabase.ts';
import { silentLogger } from '../../../testing/silentLogger.ts';
import { until } from '../../../testing/until.ts';
import type { Database } from '../../database/index.ts';
import { LeaseKeeper } from '../LeaseKeeper.ts';
import type { Lease } from '../Lease.ts';

const key = 'lec_1';

/** What leases promise on every database. Each keeper stands for a process with its own clock. */
export function describeLeases(name: string, openDatabase: () => Promise<Database>): void {
  let database: SettlingDatabase;
  let keepers: LeaseKeeper[];

  beforeEach(async () => {
    database = settlingDatabase(await openDatabase());
    keepers = [];
  });
  afterEach(async () => {
    await Promise.all(keepers.map((keeper) => keeper.close()));
    await database.close();
  });

  function openKeeper(nodeId: string, { clock = new ManualClock(), isShared = true, on = database }: { clock?: ManualClock; isShared?: boolean; on?: Database } = {}): { keeper: LeaseKeeper; clock: ManualClock } {
    const keeper = new LeaseKeeper({ database: on, nodeId, isShared, clock, logger: silentLogger });
    keepers.push(keeper);
    return { keeper, clock };
  }

  /** Advances a clock in steps, in which the keeper's renewals are stored and observed. */
  async function advance({ clock, keeper }: { clock: ManualClock; keeper: LeaseKeeper }, byMs: number): Promise<void> {
    for (let ms = 0; ms < byMs; ms += 250) {
      clock.advance(250);
      // Reads after the writes of the renewal.
      await database.settled();
      await keeper.observe([key]);
    }
  }

  async function take(keeper: LeaseKeeper): Promise<Lease> {
    const lease = await keeper.take(key);
    if (!lease) throw new Error('the lease is held by another process');
    return lease;
  }

  function lossesOf(lease: Lease): string[] {
    const losses: string[] = [];
    lease.onLost((reason) => losses.push(reason));
    return losses;
  }

  describe(`A lease in ${name}`, () => {
    it('has one holder, even if many processes take it at once', async () => {
      const rivals = Array.from({ length: 8 }, (_, index) => openKeeper(`nod_${index}`).keeper);
      const leases = await Promise.all(rivals.map((keeper) => keeper.take(key)));
      expect(leases.filter((lease) => lease !== undefined)).toHaveLength(1);
    });

    it('stays with a holder that renews it', async () => {
      const [owner, rival] = [openKeeper('nod_a'), openKeeper('nod_b')];
      const lease = await take(owner.keeper);
      for (let second = 0; second < 20; second += 1) {
        await advance(owner, 1000);
        await advance(rival, 1000);
        expect(await rival.keeper.take(key)).toBeUndefined();
      }
      expect(lease.isHeld).toBe(true);
    });

    it('is taken within five seconds of a death, with a higher number', async () => {
      const [owner, rival] = [openKeeper('nod_a'), openKeeper('nod_b')];
      const { fence } = await take(owner.keeper);
      expect(await rival.keeper.observe([key])).toEqual([]);
      await advance(rival, 3750);
      expect(await rival.keeper.observe([key])).toEqual([]);
      await advance(rival, 250);
      expect(await rival.keeper.observe([key])).toEqual([key]);
      expect((await take(rival.keeper)).fence).toBeGreaterThan(fence);
    });

    it('is uncertain for a holder that cannot renew it, before another process may take it, and certain again once it can', async () => {
      let isAway = false;
      const owner = openKeeper('nod_a', { on: refusingDatabase(database, () => isAway) });
      const rival = openKeeper('nod_b');
      const lease = await take(owner.keeper);
      expect(await rival.keeper.observe([key])).toEqual([]);
      isAway = true;
      await advance(owner, 2750);
      await advance(rival, 2750);
      expect(lease.isHeld).toBe(true);
      await advance(owner, 250);
      await advance(rival, 250);
      expect([lease.isHeld, lease.hasEnded]).toEqual([false, false]);
      expect(await rival.keeper.take(key)).toBeUndefined();
      isAway = false;
      await advance(owner, 1000);
      await until('the renewal', () => lease.isHeld);
      await advance(rival, 1000);
      expect(await rival.keeper.take(key)).toBeUndefined();
    });

    it('is uncertain for a holder that was stopped for longer, before its timers run', async () => {
      const { keeper, clock } = openKeeper('nod_a');
      const lease = await take(keeper);
      const nowMs = clock.nowMs();
      const [isHeldEarly, isHeldLate] = [2999, 3000].map((sinceMs) => {
        clock.nowMs = () => nowMs + sinceMs;
        return lease.isHeld;
      });
      expect([isHeldEarly, isHeldLate]).toEqual([true, false]);
    });

    it('stays with its holder when nobody could reach the database, also if the other process reaches it first', async () => {
      let isAway = false;
      const [owner, rival] = [openKeeper('nod_a', { on: refusingDatabase(database, () => isAway) }), openKeeper('nod_b')];
      const lease = await take(owner.keeper);
      expect(await rival.keeper.observe([key])).toEqual([]);
      isAway = true;
      owner.clock.advance(12_000);
      rival.clock.advance(12_000);
      expect(await rival.keeper.take(key)).toBeUndefined();
      isAway = false;
      await advance(owner, 1000);
      await until('the renewal', () => lease.isHeld);
      await advance(rival, 3500);
      expect(await rival.keeper.take(key)).toBeUndefined();
    });

    it('of a holder that has died is waited for', async () => {
      const [owner, rival] = [openKeeper('nod_a'), openKeeper('nod_b')];
      const { fence } = await take(owner.keeper);
      const taking = rival.keeper.takeWithin(key, 6000);
      for (let ms = 0; ms < 7000; ms += 250) {
        rival.clock.advance(250);
        await database.settled();
      }
      expect((await taking)?.fence).toBeGreaterThan(fence);
    });

    it('is lost when another process has taken it while it could not be renewed', async () => {
      let isAway = false;
      const owner = openKeeper('nod_a', { on: refusingDatabase(database, () => isAway) });
      const rival = openKeeper('nod_b');
      const lease = await take(owner.keeper);
      const losses = lossesOf(lease);
      isAway = true;
      await advance(rival, 4250);
      const taken = await take(rival.keeper);
      owner.keeper.noteTaken(key, lease.fence);
      expect(losses).toEqual([]);
      owner.keeper.noteTaken(key, taken.fence);
      expect(losses).toEqual(['taken']);
    });

    it('is lost at once by a holder whose number is too old', async () => {
      const [owner, rival] = [openKeeper('nod_a'), openKeeper('nod_a')];
      const lease = await take(owner.keeper);
      const losses = lossesOf(lease);
      // Of the same node: it does not wait.
      await take(rival.keeper);
      owner.clock.advance(1000);
      await until('the loss', () => losses.length > 0);
      expect(losses).toEqual(['taken']);
    });

    it('is not compared with the clocks of other machines', async () => {
      const owner = openKeeper('nod_a', { clock: new ManualClock(0) });
      const rival = openKeeper('nod_b', { clock: new ManualClock(1e12) });
      await take(owner.keeper);
      expect(await rival.keeper.take(key)).toBeUndefined();
      await advance(rival, 3000);
      await advance(owner, 1000);
      await advance(rival, 3000);
      expect(await rival.keeper.take(key)).toBeUndefined();
    });

    it('is taken at once after a release, and by a restarted process of its node', async () => {
      const [owner, rival] = [openKeeper('nod_a'), openKeeper('nod_b')];
      await (await take(owner.keeper)).release();
      expect((await take(rival.keeper)).fence).toBe(2);
      expect((await take(openKeeper('nod_b').keeper)).fence).toBe(3);
    });

    it('is shared within a process, until its last user has released it', async () => {
      const [owner, rival] = [openKeeper('nod_a'), openKeeper('nod_b')];
      const lease = await take(owner.keeper);
      await owner.keeper.run(key, async ({ fence }) => expect(fence).toBe(lease.fence));
      expect(lease.isHeld).toBe(true);
      await expect(rival.keeper.run(key, async () => undefined)).rejects.toMatchObject({ code: 'lecture.elsewhere' });
      await lease.release();
      await expect(rival.keeper.run(key, async ({ fence }) => fence)).resolves.toBe(2);
    });

    it('is continued with its number by the next process, without a write, where no other process can use the database', async () => {
      const lease = await take(openKeeper('nod_a', { isShared: false }).keeper);
      const next = openKeeper('nod_a', { isShared: false, on: refusingDatabase(database, () => true) });
      const continued = await take(next.keeper);
      expect(continued.fence).toBe(lease.fence);
      await continued.release();
    });

    it('does not expire where no other process can use the database, and is not renewed', async () => {
      const { keeper, clock } = openKeeper('nod_a', { isShared: false });
      const lease = await take(keeper);
      clock.advance(3_600_000);
      expect(lease.isHeld).toBe(true);
      expect(clock.timers).toBe(0);
    });
  });
}
