// Responsible for doing one thing at a time for each key. Owns nothing but the order.
import { settledWithin } from '#engine/kernel';
import type { Clock } from '#engine/kernel';

export class KeyedMutex {
  readonly #last = new Map<string, Promise<unknown>>();

  isTaken(key: string): boolean {
    return this.#last.has(key);
  }

  /** Does it when everything before it for this key is over, however that ended. */
  run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const turn = Promise.allSettled([this.#last.get(key)])
      .then(task)
      .finally(() => {
        if (this.#last.get(key) === turn) this.#last.delete(key);
      });
    this.#last.set(key, turn);
    return turn;
  }

  /** Waits until everything that was begun is over, but no longer than that. */
  async settledWithin(limitMs: number, clock: Clock): Promise<void> {
    await settledWithin(this.#last.values(), { clock, limitMs });
  }
}
