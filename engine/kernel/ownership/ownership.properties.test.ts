import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock, silentLogger } from '../../testing/index.ts';
import { openSqliteDatabase } from '../database/index.ts';
import type { Collection, Database } from '../database/index.ts';
import { leaseTakeAfterMs } from '../limits.ts';
import { FencedError } from './FencedError.ts';
import { appendFenced, sealFenced } from './fencedRows.ts';
import type { Lease } from './Lease.ts';
import { LeaseKeeper } from './LeaseKeeper.ts';
import { PausedDatabase } from './testing/PausedDatabase.ts';

const key = 'lec_1';

interface LogRow {
  _id: string;
  log: string;
  position: number;
  fence: number;
  isSeal: boolean;
}

const openLog = (database: Database): Collection<LogRow> => database.collection<LogRow>({ name: 'log', indexes: [{ keys: { log: 1, position: -1 } }] });
const rowAt = (position: number, fence: number, isSeal = false): LogRow => ({ _id: `${key}:${position}`, log: key, position, fence, isSeal });

/** A process that owns the object when it can, and then appends to its log. Its clock stands still while it is stopped. */
class Process {
  readonly clock: ManualClock;
  readonly database: PausedDatabase;
  readonly acknowledged: LogRow[] = [];
  /** Errors of its work, except for those of a former owner. */
  readonly failures: unknown[] = [];
  readonly #keeper: LeaseKeeper;
  readonly #log: Collection<LogRow>;
  #lease: Lease | undefined;
  #position = 0;
  #working: Promise<void> | undefined;
  #stoppedMs: number | undefined;

  constructor(index: number, database: Database) {
    // The clocks of the machines differ by an hour.
    this.clock = new ManualClock(index * 3_600_000);
    this.database = new PausedDatabase(database);
    this.#keeper = new LeaseKeeper({ database: this.database, nodeId: `nod_${index}`, isShared: true, clock: this.clock, logger: silentLogger });
    this.#log = openLog(this.database);
  }

  /** By its own clock, which it reads when it continues. */
  get isOwner(): boolean {
    return this.#stoppedMs === undefined && this.#lease?.isHeld === true;
  }

  pass(ms: number): void {
    if (this.#stoppedMs === undefined) this.clock.advance(ms);
    else this.#stoppedMs += ms;
  }

  stop(): void {
    this.#stoppedMs ??= 0;
    this.database.stop();
  }

  continue(): void {
    const stoppedMs = this.#stoppedMs;
    this.#stoppedMs = undefined;
    if (stoppedMs) this.clock.standStill(stoppedMs);
    this.database.resume();
  }

  /** Takes the object, or writes two rows as its owner. One task at a time: resolves with the one in progress. */
  async work(): Promise<void> {
    if (this.#stoppedMs === undefined) this.#working ??= this.#work().catch((err: unknown) => this.#refused(err)).finally(() => (this.#working = undefined));
    await this.#working;
  }

  /** It runs from now on, and its network is fast. */
  recover(): void {
    this.continue();
    this.database.isOpen = true;
    while (this.database.waitingCount > 0) this.database.apply(0);
  }

  async close(): Promise<void> {
    await this.#keeper.close();
  }

  /** A former owner is refused. */
  #refused(err: unknown): void {
    if (err instanceof FencedError) this.#lease?.lose('taken');
    else this.failures.push(err);
  }

  async #work(): Promise<void> {
    if (!this.#lease || this.#lease.hasEnded) return this.#take();
    const { fence } = this.#lease;
    const rows = [rowAt(this.#position, fence), rowAt(this.#position + 1, fence)];
    await appendFenced(this.#log, rows);
    this.#position += 2;
    this.acknowledged.push(...rows);
  }

  async #take(): Promise<void> {
    this.#lease = undefined;
    const lease = await this.#keeper.take(key);
    if (!lease) return;
    const { fence } = lease;
    const readLast = async () => (await this.#log.find({ log: key }, { sort: { position: -1 }, limit: 1 }))[0];
    const last = await sealFenced({ collection: this.#log, fence, readLast, sealAfter: (before) => rowAt((before?.position ?? -1) + 1, fence, true) });
    this.#position = last.position + 1;
    this.#lease = lease;
  }
}

const settle = async () => {
  for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** Over a fast network: everything that the process asks for is answered. */
async function workAtOnce(process: Process): Promise<void> {
  void process.work();
  for (let turn = 0; turn < 12; turn += 1) {
    while (process.database.waitingCount > 0) process.database.apply(0);
    await settle();
  }
}

/** One of them owns the object and writes, when nothing is stopped or slow any longer. Returns how many rows it wrote. */
async function workUndisturbed(processes: readonly Process[]): Promise<number> {
  const count = () => processes.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0);
  for (const process of processes) process.recover();
  await Promise.all(processes.map((process) => process.work()));
  const before = count();
  for (let passedMs = 0; passedMs < 2 * leaseTakeAfterMs; passedMs += 500) {
    for (const process of processes) process.pass(500);
    for (const process of processes) await process.work();
  }
  return count() - before;
}

const anyAction = fc.record({
  process: fc.nat({ max: 2 }),
  action: fc.oneof({ weight: 8, arbitrary: fc.constant('apply' as const) }, { weight: 4, arbitrary: fc.constant('work' as const) }, { weight: 6, arbitrary: fc.constant('workAtOnce' as const) }, { weight: 4, arbitrary: fc.constant('pass' as const) }, { weight: 1, arbitrary: fc.constant('stop' as const) }, { weight: 2, arbitrary: fc.constant('continue' as const) }),
  ms: fc.constantFrom(100, 500, 1000, 1000, 1500, 4000, 9000),
  index: fc.nat({ max: 20 }),
});

type Action = typeof anyAction extends fc.Arbitrary<infer Value> ? Value : never;

async function act(processes: readonly Process[], { process: which, action, ms, index }: Action): Promise<void> {
  const process = processes[which];
  // Time passes for all of them, in steps in which timers run in order.
  if (action === 'pass') for (let passed = 0; passed < ms; passed += 100) processes.forEach((each) => each.pass(100));
  else if (action === 'apply') process?.database.apply(index);
  else if (action === 'workAtOnce') await (process && workAtOnce(process));
  else if (action === 'work') void process?.work();
  else process?.[action]();
}

describe('Several processes that want to own one object', () => {
  it('are never owners at once, and no earlier owner writes, however they are stopped and however late writes arrive', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyAction, { minLength: 20, maxLength: 120 }), async (actions) => {
        const database = await openSqliteDatabase({ path: ':memory:' });
        const processes = [0, 1, 2].map((index) => new Process(index, database));
        for (const action of actions) {
          await act(processes, action);
          await settle();
          expect(processes.filter(({ isOwner }) => isOwner).length).toBeLessThanOrEqual(1);
        }
        expect(await workUndisturbed(processes)).toBeGreaterThan(0);
        for (const process of processes) await process.close();
        const rows = await openLog(database).find({ log: key }, { sort: { position: 1 } });
        expect(rows.map(({ position }) => position)).toEqual(rows.map((_, position) => position));
        // The number never falls, and the first row of each owner is its seal.
        for (const [position, row] of rows.entries()) {
          const before = rows[position - 1];
          if (before) expect(row.fence).toBeGreaterThanOrEqual(before.fence);
          expect(row.isSeal).toBe(row.fence !== before?.fence);
        }
        expect(processes.flatMap(({ failures }) => failures)).toEqual([]);
        // What was acknowledged is stored, and by the owner that wrote it.
        for (const row of processes.flatMap(({ acknowledged }) => acknowledged)) expect(rows[row.position]).toEqual(row);
        await database.close();
      }),
      { numRuns: 300 },
    );
  }, 60_000);
});
