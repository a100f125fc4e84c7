// Responsible for the health of all processes of a site: answers what others ask of this process, and asks them. Owns the
// announcement of this process and the endpoint of the bus that reports it.
import { endpoint, fromInstant, toInstant } from '#engine/kernel';
import type { Bus, Clock, JobAdministration, ProcessDirectory, SiteProcess } from '#engine/kernel';
import * as z from 'zod';
import { ProcessReport } from '../contract/index.ts';
import type { HealthDetails, ProcessHealth } from '../contract/index.ts';
import { healthProblems } from './healthProblems.ts';
import { healthLifetimeMs, reportDeadlineMs } from './limits.ts';

const askReport = endpoint('process.report', { request: z.object({}), response: ProcessReport });

export interface SiteHealthOptions {
  bus: Bus;
  /** That of the machine: the offsets of clocks are measured with it. */
  clock: Clock;
  processes: ProcessDirectory;
  jobs: Pick<JobAdministration, 'counts' | 'oldestWaitingMs'>;
  /** This process. */
  self: SiteProcess;
  report: () => Promise<ProcessReport>;
}

export class SiteHealth {
  readonly #options: SiteHealthOptions;
  #closing: (() => unknown)[] = [];
  #last: { details: Promise<HealthDetails>; untilMs: number } | undefined;

  private constructor(options: SiteHealthOptions) {
    this.#options = options;
  }

  static async open(options: SiteHealthOptions): Promise<SiteHealth> {
    const health = new SiteHealth(options);
    health.#closing = [await options.bus.serve(askReport, options.self.nodeId, () => options.report()), await options.processes.announce(options.self)];
    return health;
  }

  /** Shared by the pages of all administrators for a moment. @throws CodedError `database.unavailable` */
  async details(): Promise<HealthDetails> {
    const nowMs = this.#options.clock.nowMs();
    if (!this.#last || nowMs >= this.#last.untilMs) {
      const details = this.#measure();
      this.#last = { details, untilMs: nowMs + healthLifetimeMs };
      details.catch(() => (this.#last = undefined));
    }
    return this.#last.details;
  }

  async close(): Promise<void> {
    for (const close of this.#closing.splice(0)) await close();
  }

  async #measure(): Promise<HealthDetails> {
    const { jobs, processes, self, clock } = this.#options;
    const listed = await processes.list();
    const all = listed.some(({ nodeId }) => nodeId === self.nodeId) ? listed : [...listed, { ...self, announcedAt: toInstant(clock.nowMs()) }];
    const [counts, oldestMs, ...asked] = await Promise.all([jobs.counts(), jobs.oldestWaitingMs(), ...all.map((process) => this.#ask(process))]);
    const measured = {
      processes: asked.toSorted((a, b) => (a.hostname + a.nodeId < b.hostname + b.nodeId ? -1 : 1)),
      jobs: { waiting: counts.waiting, running: counts.running, failed: counts.dead, oldestWaitingAt: oldestMs === undefined ? null : toInstant(oldestMs) },
    };
    const nowMs = clock.nowMs();
    return { checkedAt: toInstant(nowMs), problems: healthProblems(measured, nowMs), ...measured };
  }

  /** The clock is compared as NTP does it: the answer was made in the middle of the time that the question took, give or take half of it. */
  async #ask({ roles, ...process }: SiteProcess & { announcedAt: string }): Promise<ProcessHealth> {
    const { bus, clock, self } = this.#options;
    const askedMs = clock.nowMs();
    const report = await bus.request(askReport, process.nodeId, { data: {}, deadlineMs: reportDeadlineMs }).catch(() => null);
    const tookMs = clock.nowMs() - askedMs;
    const isSelf = process.nodeId === self.nodeId;
    return {
      ...process,
      roles: [...roles],
      startedAt: toInstant(fromInstant(process.startedAt)),
      report,
      clockOffsetMs: report && (isSelf ? 0 : Math.round(report.nowMs - (askedMs + tookMs / 2))),
      clockErrorMs: report && (isSelf ? 0 : Math.ceil(tookMs / 2)),
    };
  }
}
