// Responsible for whether this server can do its work now. Shares one result among the probes of some seconds, because
// anybody may ask and the checks write to the disk.
import type { MediaPlane } from '#engine';
import { CodedError, isCoded } from '#engine/contract';
import { toInstant } from '#engine/kernel';
import type { Clock, Collection, Database } from '#engine/kernel';
import { readinessLifetimeMs, readinessTimeoutMs } from '../limits.ts';

export interface ReadinessOptions {
  database: Database;
  clock: Clock;
  /** Checks of other parts, by the name of the part. Each fails with a CodedError. */
  checks: Readonly<Record<string, () => Promise<void> | void>>;
}

/** @throws CodedError `media.unavailable` while no room can open */
export function requireMedia({ isAvailable }: Pick<MediaPlane, 'isAvailable'>): void {
  if (!isAvailable) throw new CodedError('media.unavailable', 'No media worker runs. A new one is being started.');
}

interface ProbeRow {
  _id: string;
  writtenAt: string;
}

/** One part of a process. */
export interface PartReport {
  part: string;
  durationMs: number;
  /** Null while it works. */
  problem: string | null;
}

export class Readiness {
  readonly #options: ReadinessOptions;
  readonly #probes: Collection<ProbeRow>;
  #last: { outcome: Promise<void>; untilMs: number } | undefined;

  constructor(options: ReadinessOptions) {
    this.#options = options;
    this.#probes = options.database.collection<ProbeRow>({ name: 'probes', indexes: [] });
  }

  /** @throws CodedError with the reason, of an HTTP status of 503 */
  check(): Promise<void> {
    const nowMs = this.#options.clock.nowMs();
    if (!this.#last || nowMs >= this.#last.untilMs) this.#last = { outcome: this.#checkAll(), untilMs: nowMs + readinessLifetimeMs };
    return this.#last.outcome;
  }

  /** What each part answers, and after how long. Never rejects. */
  async report(): Promise<PartReport[]> {
    return Promise.all(this.#parts().map(([part, check]) => this.#reportOf(part, check)));
  }

  async #reportOf(part: string, check: () => Promise<void>): Promise<PartReport> {
    const { clock } = this.#options;
    const startedMs = clock.nowMs();
    try {
      await this.#withTimeout(part, check);
      return { part, durationMs: clock.nowMs() - startedMs, problem: null };
    } catch (err) {
      // A bug is in the log; its text may hold what administrators need not see.
      return { part, durationMs: clock.nowMs() - startedMs, problem: isCoded(err) ? err.message : 'It does not work. The log of the server says why.' };
    }
  }

  #parts(): [part: string, check: () => Promise<void>][] {
    const checks = { database: () => this.#writeProbe(), ...this.#options.checks };
    return Object.entries(checks).map(([part, check]) => [part, async () => check()]);
  }

  async #checkAll(): Promise<void> {
    await Promise.all(this.#parts().map(([part, check]) => this.#withTimeout(part, check)));
  }

  async #writeProbe(): Promise<void> {
    const writtenAt = toInstant(this.#options.clock.nowMs());
    try {
      await this.#probes.updateOne({ _id: 'readiness' }, { $set: { writtenAt } }, { upsert: true });
    } catch (cause) {
      if (isCoded(cause, 'disk.full')) throw new CodedError('database.unavailable', 'The database cannot be written: the disk is full.', { cause });
      throw cause;
    }
  }

  #withTimeout(part: string, check: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const expired = () => reject(new CodedError('server.busy', `The server is not ready: ${part} does not answer.`));
      const cancel = this.#options.clock.after(readinessTimeoutMs, expired);
      check().then(resolve, reject).finally(cancel);
    });
  }
}
