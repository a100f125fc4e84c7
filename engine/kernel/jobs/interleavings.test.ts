import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ClaimedJob } from './JobQueue.ts';
import { isUnfinished } from './JobRow.ts';
import { JobBench, posterOf, posters } from './testing/JobBench.ts';

const bounded = { ...posters, maxAttempts: 3, maxRunning: 2, leaseMs: 1000 };

interface Holder {
  job: ClaimedJob;
  /** The worker believes that the job is its own until then. */
  untilMs: number;
}

type WorkerAction = 'claim' | 'succeed' | 'fail' | 'release' | 'beat' | 'die';

type Step =
  | { do: 'add'; key: string; ifRunning: 'keep' | 'again'; delayMs: number }
  | { do: WorkerAction; worker: number }
  | { do: 'cancel' | 'resend'; key: string }
  | { do: 'sweep' }
  | { do: 'wait'; ms: number };

const key = fc.constantFrom('a', 'b', 'c');
const worker = fc.integer({ min: 0, max: 3 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('add' as const), key, ifRunning: fc.constantFrom('keep' as const, 'again' as const), delayMs: fc.constantFrom(0, 0, 500) }),
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('claim' as const, 'claim' as const, 'succeed' as const, 'fail' as const, 'release' as const, 'beat' as const, 'die' as const), worker }) },
  fc.record({ do: fc.constantFrom('cancel' as const, 'resend' as const), key }),
  fc.constant({ do: 'sweep' as const }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(100, 600, 1001, 5000) }),
);

/** What several workers do at once, with what an honest and slow worker would believe. */
class Site {
  readonly #bench: JobBench;
  readonly #holders = new Map<number, Holder>();
  readonly #succeeded = new Set<string>();

  constructor(bench: JobBench) {
    this.#bench = bench;
  }

  async take(step: Step): Promise<void> {
    const { queue, clock } = this.#bench;
    if (step.do === 'add') await queue.add(bounded, { ...posterOf(step.key), ifRunning: step.ifRunning, delayMs: step.delayMs });
    else if (step.do === 'sweep') await queue.sweep();
    else if (step.do === 'wait') clock.advance(step.ms);
    else if (step.do === 'cancel' || step.do === 'resend') await this.#administrate(step.do, step.key);
    else if ('worker' in step) await (step.do === 'claim' ? this.#claim(step.worker) : this.#hold(step.do, step.worker));
  }

  async #administrate(action: 'cancel' | 'resend', jobKey: string): Promise<void> {
    const row = (await this.#bench.rows.find({}, { sort: { _id: 1 } })).find((one) => one.key === jobKey);
    // Refused where the state does not allow it.
    if (row) await this.#bench.administration[action](row._id).catch((err: unknown) => expect(err).toMatchObject({ name: 'CodedError' }));
  }

  async #claim(name: number): Promise<void> {
    if (this.#holders.has(name)) return;
    const atMs = this.#bench.clock.nowMs();
    const job = await this.#bench.queue.claim([bounded], `${name}`);
    if (job) this.#holders.set(name, { job, untilMs: atMs + bounded.leaseMs });
  }

  async #hold(action: 'succeed' | 'fail' | 'release' | 'beat' | 'die', name: number): Promise<void> {
    const holder = this.#holders.get(name);
    if (!holder) return;
    const { queue, clock } = this.#bench;
    const atMs = clock.nowMs();
    if (action === 'beat') {
      const answer = await queue.heartbeat(holder.job, { leaseMs: bounded.leaseMs });
      if (answer === 'held') this.#holders.set(name, { ...holder, untilMs: atMs + bounded.leaseMs });
      else if (answer === 'lost') this.#holders.delete(name);
      return;
    }
    this.#holders.delete(name);
    if (action === 'die') return;
    const outcome = action === 'succeed' ? ({ type: 'succeeded' } as const) : action === 'fail' ? ({ type: 'failed', error: 'x' } as const) : ({ type: 'released' } as const);
    const isStored = await queue.finish(holder.job, outcome);
    // Nobody else may have had it before the lease was over.
    if (atMs <= holder.untilMs) expect(isStored).toBe(true);
    if (!isStored || action !== 'succeed') return;
    const run = `${holder.job._id} ${holder.job.fence}`;
    expect(this.#succeeded.has(run)).toBe(false);
    this.#succeeded.add(run);
  }

  async check(): Promise<void> {
    const rows = await this.#bench.rows.find({});
    const unfinished = rows.filter(({ state }) => isUnfinished(state));
    expect(new Set(unfinished.map((row) => row.key)).size).toBe(unfinished.length);
    for (const row of rows) expect(row.uniqueKey).toBe(isUnfinished(row.state) ? `${row.kind} ${row.key}` : undefined);
    const running = rows.filter(({ state }) => state === 'running');
    expect(running.length).toBeLessThanOrEqual(bounded.maxRunning);
    for (const row of rows) {
      expect(row.slot === undefined).toBe(row.state !== 'running');
      expect(row.attempts).toBeLessThanOrEqual(bounded.maxAttempts);
      expect(row.attempts).toBeGreaterThanOrEqual(0);
    }
    const nowMs = this.#bench.clock.nowMs();
    const held = [...this.#holders.values()].filter(({ untilMs }) => nowMs <= untilMs);
    expect(new Set(held.map(({ job }) => job._id)).size).toBe(held.length);
    for (const { job } of held) expect(running.find(({ _id }) => _id === job._id)?.fence).toBe(job.fence);
  }

  /** With workers that do their work, everything ends. */
  async drain(): Promise<void> {
    this.#holders.clear();
    for (let round = 0; round < 30; round += 1) {
      this.#bench.clock.advance(10_000);
      await this.#bench.queue.sweep();
      for (let job = await this.#bench.queue.claim([bounded], 'last'); job; job = await this.#bench.queue.claim([bounded], 'last')) await this.#bench.queue.finish(job, { type: 'succeeded' });
    }
    const left = await this.#bench.rows.find({});
    expect(left.filter(({ state }) => isUnfinished(state))).toEqual([]);
  }
}

it('Jobs have one holder, one unfinished row for each key and an end, whatever several workers do at once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 5, maxLength: 40 }), async (rounds) => {
      const bench = await JobBench.open();
      try {
        const site = new Site(bench);
        for (const steps of rounds) {
          // The steps of different workers run at once; one worker does one thing at a time.
          const seen = new Set<number>();
          const atOnce = steps.filter((one) => !('worker' in one) || (!seen.has(one.worker) && seen.add(one.worker)));
          await Promise.all(atOnce.filter((one) => one.do !== 'wait').map((one) => site.take(one)));
          await site.check();
          for (const one of atOnce) if (one.do === 'wait') await site.take(one);
        }
        await site.drain();
      } finally {
        await bench.close();
      }
    }),
    { numRuns: 60 },
  );
});
