import { Worker } from 'node:worker_threads';

const everyMs = 100;

/** One health request. */
interface Probe {
  sentMs: number;
  tookMs: number;
  /** CPU time of the server's main thread meanwhile: on an idle machine the response takes no longer. */
  workedMs: number;
  isOk: boolean;
}

export interface HealthObserved {
  slowestMs: number;
  mostWorkedMs: number;
  /** Requests without a response. */
  failures: number;
}

/** Requests the server's health ten times a second, from a thread that the attacks do not delay. Owns the thread. */
export class HealthMonitor {
  readonly #worker: Worker;
  #observed: HealthObserved = { slowestMs: 0, mostWorkedMs: 0, failures: 0 };

  constructor(url: string, pid: number) {
    this.#worker = new Worker(new URL('./healthProbe.ts', import.meta.url), { workerData: { url: `${url}/health/live`, everyMs, pid } });
    this.#worker.on('message', ({ tookMs, workedMs, isOk }: Probe) => {
      this.#observed.slowestMs = Math.max(this.#observed.slowestMs, Math.round(tookMs));
      this.#observed.mostWorkedMs = Math.max(this.#observed.mostWorkedMs, Math.round(Math.min(tookMs, workedMs)));
      if (!isOk) this.#observed.failures += 1;
    });
  }

  /** What was observed since the last call, including the request in flight. */
  async take(): Promise<HealthObserved> {
    await this.#probed(Date.now());
    const observed = this.#observed;
    this.#observed = { slowestMs: 0, mostWorkedMs: 0, failures: 0 };
    return observed;
  }

  /** The first request that was sent after that time has ended. */
  #probed(sinceMs: number): Promise<void> {
    return new Promise((resolve) => {
      const receive = ({ sentMs }: Probe) => {
        if (sentMs < sinceMs) return;
        this.#worker.off('message', receive);
        resolve();
      };
      this.#worker.on('message', receive);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
