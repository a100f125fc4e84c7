import { Worker } from 'node:worker_threads';

const everyMs = 100;

/** One health answer. */
interface Answer {
  askedMs: number;
  tookMs: number;
  /** Of that, what the server's main thread worked: on a machine with time to spare the answer takes no longer. */
  workedMs: number;
  isOk: boolean;
}

export interface HealthSeen {
  slowestMs: number;
  mostWorkedMs: number;
  /** Requests without an answer. */
  failures: number;
}

/** Asks for health every tenth of a second from a thread of its own, so that the attackers' work does not count. */
export class HealthMonitor {
  readonly #worker: Worker;
  #seen: HealthSeen = { slowestMs: 0, mostWorkedMs: 0, failures: 0 };

  constructor(url: string, pid: number) {
    this.#worker = new Worker(new URL('./healthProbe.ts', import.meta.url), { workerData: { url: `${url}/health/live`, everyMs, pid } });
    this.#worker.on('message', ({ tookMs, workedMs, isOk }: Answer) => {
      this.#seen.slowestMs = Math.max(this.#seen.slowestMs, Math.round(tookMs));
      this.#seen.mostWorkedMs = Math.max(this.#seen.mostWorkedMs, Math.round(Math.min(tookMs, workedMs)));
      if (!isOk) this.#seen.failures += 1;
    });
  }

  /** What was seen since the last call, with what is being asked for at this moment. */
  async take(): Promise<HealthSeen> {
    await this.#answered(Date.now());
    const seen = this.#seen;
    this.#seen = { slowestMs: 0, mostWorkedMs: 0, failures: 0 };
    return seen;
  }

  /** One is asked for after the other. */
  #answered(sinceMs: number): Promise<void> {
    return new Promise((resolve) => {
      const hear = ({ askedMs }: Answer) => {
        if (askedMs < sinceMs) return;
        this.#worker.off('message', hear);
        resolve();
      };
      this.#worker.on('message', hear);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
