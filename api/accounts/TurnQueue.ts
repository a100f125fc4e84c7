import { CodedError } from '#engine/contract';

export interface TurnQueueOptions {
  /** How many work side by side. */
  atOnce: number;
  /** How many may wait for their turn; who comes later is refused. */
  maxWaiting: number;
}

/** Lets so many work at once, and the others one after the other in the order in which they came. */
export class TurnQueue {
  readonly #options: TurnQueueOptions;
  readonly #waiting: (() => void)[] = [];
  #workingCount = 0;

  constructor(options: TurnQueueOptions) {
    this.#options = options;
  }

  /** @throws CodedError `server.busy` */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#workingCount < this.#options.atOnce) this.#workingCount += 1;
    else await this.#turn();
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      // The turn is handed on, so that nobody who comes meanwhile takes it.
      if (next) next();
      else this.#workingCount -= 1;
    }
  }

  async #turn(): Promise<void> {
    if (this.#waiting.length >= this.#options.maxWaiting) throw new CodedError('server.busy', 'Many people are logging in right now. Try again in a moment.', { details: { retryAfterSeconds: 2 } });
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}
