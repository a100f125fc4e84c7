import { observer } from 'mediasoup';
import type { types } from 'mediasoup';

/** Counts what the workers that are started after its creation hold: routers, transports, tracks and subscriptions. */
export class WorkerParts {
  readonly #workers = new Set<types.Worker>();
  readonly #add = (worker: types.Worker) => this.#workers.add(worker);

  constructor() {
    observer.on('newworker', this.#add);
  }

  /** For each worker that runs, in the order in which they were started. */
  async count(): Promise<number[]> {
    const running = [...this.#workers].filter((worker) => !worker.closed);
    return Promise.all(
      running.map(async (worker) => {
        const { routerIds, channelMessageHandlers } = await worker.dump();
        return routerIds.length + channelMessageHandlers.channelRequestHandlers.length;
      }),
    );
  }

  close(): void {
    observer.off('newworker', this.#add);
  }
}
