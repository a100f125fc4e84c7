import type { Clock } from './Clock.ts';
import { waitUntilSettled } from './waitUntilSettled.ts';

/** Runs the tasks of one key one after the other. Tasks of different keys run concurrently. */
export class KeyedMutex {
  /** The last queued task of each key. A key without running or queued tasks is absent. */
  readonly #lastTasks = new Map<string, Promise<unknown>>();

  /** True while a task of the key is running or queued. */
  isLocked(key: string): boolean {
    return this.#lastTasks.has(key);
  }

  /** Runs `task` when every earlier task of the key has succeeded or failed. */
  run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const queued = Promise.allSettled([this.#lastTasks.get(key)])
      .then(task)
      .finally(() => {
        if (this.#lastTasks.get(key) === queued) this.#lastTasks.delete(key);
      });
    this.#lastTasks.set(key, queued);
    return queued;
  }

  /** Waits until all tasks queued before the call have settled, for `limitMs` at most. */
  async waitUntilSettled(limitMs: number, clock: Clock): Promise<void> {
    await waitUntilSettled(this.#lastTasks.values(), { clock, limitMs });
  }
}
