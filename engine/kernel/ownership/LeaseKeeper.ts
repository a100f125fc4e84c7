// Responsible for the leases of this process: takes them, renews them, and observes those of other processes. Owns the timer
// of the renewals and what it has observed.
import { background } from '../background.ts';
import type { Clock } from '../Clock.ts';
import type { Database } from '../database/index.ts';
import { KeyedMutex } from '../KeyedMutex.ts';
import { FencedError } from './FencedError.ts';
import { leaseForgetAfterMs, leaseReadGapMs, leaseRenewIntervalMs, leaseTakeAfterMs, leaseWatchIntervalMs } from '../limits.ts';
import type { Logger } from '../Logger.ts';
import { delay } from '../retry.ts';
import { Lease } from './Lease.ts';
import { LeaseStore } from './LeaseStore.ts';
import type { LeaseRow } from './LeaseStore.ts';

export interface LeaseKeeperOptions {
  database: Database;
  /** The node of this process. No other process runs with it. */
  nodeId: string;
  /** Other processes use the database too. Otherwise leases do not expire, and are only written when they are first taken. */
  isShared: boolean;
  clock: Clock;
  logger: Logger;
}

/** The node of a database that one process uses at a time, where it needs no name. */
export const onlyNodeId = 'nod_only';

interface Observation {
  fence: number;
  renewals: number;
  /** Since when it is unchanged, by this process's clock. */
  sinceMs: number;
  /** When it was read last. */
  readAtMs: number;
}

export class LeaseKeeper {
  readonly nodeId: string;
  readonly isShared: boolean;
  readonly #options: LeaseKeeperOptions;
  readonly #store: LeaseStore;
  readonly #held = new Map<string, Lease>();
  readonly #observed = new Map<string, Observation>();
  readonly #mutex = new KeyedMutex();
  #cancelRenewal: () => void = () => undefined;
  #isClosed = false;

  /** The leases of a process that is alone with its database. */
  static ofOnlyProcess(options: Pick<LeaseKeeperOptions, 'database' | 'clock' | 'logger'>): LeaseKeeper {
    return new LeaseKeeper({ ...options, nodeId: onlyNodeId, isShared: false });
  }

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
    this.nodeId = options.nodeId;
    this.isShared = options.isShared;
    this.#store = new LeaseStore(options);
    if (options.isShared) this.#scheduleRenewal();
  }

  /**
   * Takes the lease of an object, or shares the one that this process holds; the caller releases it. Resolves with undefined
   * while another process holds it. A lease of this node is taken at once: its former process has ended, since it had locked
   * the data folder. A lease of another node is taken when it has been seen unchanged for `leaseTakeAfterMs`: call `observe`
   * or `take` again. `isTransient`: its row goes with its release, because no write of the object carries its number.
   */
  take(key: string, { isTransient = false } = {}): Promise<Lease | undefined> {
    return this.#mutex.run(key, async () => {
      const held = this.#held.get(key);
      if (held && !held.hasEnded) return held.share();
      const seen = await this.#store.find(key);
      if (this.#isClosed || !this.#isFree(key, seen)) return undefined;
      const takenAtMs = this.#options.clock.nowMs();
      // Alone with its database, a process continues what the former one owned: none of its writes can come late.
      const row = seen && !this.isShared ? seen : await this.#store.take(key, seen);
      return row && this.#hold(row, { takenAtMs, isTransient });
    });
  }

  /** Takes the lease, and waits for so long for a holder that is gone or about to release it. */
  async takeWithin(key: string, waitMs: number): Promise<Lease | undefined> {
    const { clock } = this.#options;
    const untilMs = clock.nowMs() + waitMs;
    for (;;) {
      const lease = await this.take(key);
      if (lease || clock.nowMs() >= untilMs || this.#isClosed) return lease;
      await delay(clock, leaseWatchIntervalMs);
    }
  }

  /** Reads the leases of these objects. Returns the keys of those that this process can take now. */
  async observe(keys: readonly string[]): Promise<string[]> {
    const rows = new Map((await this.#store.findAll(keys)).map((row) => [row._id, row]));
    const forgottenBeforeMs = this.#options.clock.nowMs() - leaseForgetAfterMs;
    for (const [key, { readAtMs }] of this.#observed) if (readAtMs < forgottenBeforeMs) this.#observed.delete(key);
    return keys.filter((key) => !this.#held.has(key) && this.#isFree(key, rows.get(key)));
  }

  /** Another process says that it owns the object, by a lease with this number. */
  noteTaken(key: string, fence: number): void {
    const held = this.#held.get(key);
    if (held && held.fence < fence) held.lose('taken');
  }

  /** The node that owns an object, if any. It may have died some seconds ago. */
  async ownerOf(key: string): Promise<string | undefined> {
    return (await this.#store.find(key))?.nodeId ?? undefined;
  }

  /** Takes the lease for one task. `waitMs`: see `takeWithin`. @throws CodedError `lecture.elsewhere` while another process holds it */
  async run<T>(key: string, task: (lease: Lease) => Promise<T>, waitMs = 0): Promise<T> {
    const lease = await this.takeWithin(key, waitMs);
    if (!lease) throw new FencedError(key, 0);
    try {
      return await task(lease);
    } finally {
      await lease.release();
    }
  }

  /** Stops renewing. Others take the leases that are still held at once: close it after everything that writes with them. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelRenewal();
    const held = [...this.#held.values()];
    for (const lease of held) lease.lose('closed');
    if (this.isShared) await Promise.allSettled(held.map(({ key, fence }) => this.#store.release(key, fence)));
  }

  #isFree(key: string, row: LeaseRow | undefined): boolean {
    if (!row || !this.isShared || row.nodeId === null || row.nodeId === this.nodeId) return true;
    const nowMs = this.#options.clock.nowMs();
    const before = this.#observed.get(key);
    // While it could not be read, its owner could not renew it either.
    const wasReadLately = before !== undefined && nowMs - before.readAtMs <= leaseReadGapMs;
    const isUnchanged = wasReadLately && before.fence === row.fence && before.renewals === row.renewals;
    const sinceMs = isUnchanged ? before.sinceMs : nowMs;
    this.#observed.set(key, { fence: row.fence, renewals: row.renewals, sinceMs, readAtMs: nowMs });
    return nowMs - sinceMs >= leaseTakeAfterMs;
  }

  #hold({ _id: key, fence }: LeaseRow, { takenAtMs, isTransient }: { takenAtMs: number; isTransient: boolean }): Lease {
    const { clock, logger, isShared } = this.#options;
    const lease: Lease = new Lease({
      key,
      fence,
      clock,
      canExpire: isShared,
      takenAtMs,
      release: async () => {
        this.#forget(lease);
        if (isTransient) await this.#store.remove(key, fence);
        else if (isShared) await this.#store.release(key, fence);
      },
    });
    this.#observed.delete(key);
    this.#held.set(key, lease);
    lease.onLost((reason) => {
      this.#forget(lease);
      if (!this.#isClosed) logger.warn({ key, fence, reason }, 'lease.lost');
    });
    return lease;
  }

  #forget(lease: Lease): void {
    if (this.#held.get(lease.key) === lease) this.#held.delete(lease.key);
  }

  #scheduleRenewal(): void {
    const { clock, logger } = this.#options;
    this.#cancelRenewal = clock.after(leaseRenewIntervalMs, () => {
      if (this.#isClosed) return;
      this.#scheduleRenewal();
      for (const lease of [...this.#held.values()]) background('lease.renew', this.#renew(lease), logger);
    });
  }

  async #renew(lease: Lease): Promise<void> {
    const startedAtMs = this.#options.clock.nowMs();
    if (await this.#store.renew(lease.key, lease.fence)) lease.extend(startedAtMs);
    else lease.lose('taken');
  }
}
