import type { Clock } from './Clock.ts';
import { waitUntilSettled } from './waitUntilSettled.ts';

/** Runs the tasks of one key one after the other. Tasks of different keys run concurrently. */
export class KeyedMutex {
  /** The task of each key that was queued last; a key without tasks is absent. */
  readonly #lastTasks = new Map<string, Promise<unknown>>();

  /** True while a task of the key is running or queued. */
  isLocked(key: string): boolean {
    return this.#lastTasks.has(key);
  }

  /** Runs `task` when every earlier task of the key has settled. A failed task does not keep the next one from running. */
  run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const queued = Promise.allSettled([this.#lastTasks.get(key)])
      .then(task)
      .finally(() => {
        if (this.#lastTasks.get(key) === queued) this.#lastTasks.delete(key);
      });
    this.#lastTasks.set(key, queued);
    return queued;
  }

  /** Waits until the tasks queued so far have settled, for `limitMs` at most. */
  async waitUntilSettled(limitMs: number, clock: Clock): Promise<void> {
    await waitUntilSettled(this.#lastTasks.values(), { clock, limitMs });
  }
}
