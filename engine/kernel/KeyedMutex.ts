// Runs the tasks of one key one after the other; tasks of different keys run side by side.
import type { Clock } from './Clock.ts';
import { waitUntilSettled } from './waitUntilSettled.ts';

export class KeyedMutex {
  readonly #last = new Map<string, Promise<unknown>>();

  isLocked(key: string): boolean {
    return this.#last.has(key);
  }

  /** Runs the task when every earlier task of this key has settled, whatever its outcome. */
  run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const turn = Promise.allSettled([this.#last.get(key)])
      .then(task)
      .finally(() => {
        if (this.#last.get(key) === turn) this.#last.delete(key);
      });
    this.#last.set(key, turn);
    return turn;
  }

  /** Waits until every task has settled, at most `limitMs`. */
  async waitUntilSettled(limitMs: number, clock: Clock): Promise<void> {
    await waitUntilSettled(this.#last.values(), { clock, limitMs });
  }
}
