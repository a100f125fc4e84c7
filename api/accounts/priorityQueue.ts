import { CodedError } from '#engine/contract';
import { busyRetryAfterSeconds } from '../limits.ts';

/** `known`: for someone whose device or login is known. Known tasks run first, and strangers cannot take their places. */
export type Priority = 'known' | 'stranger';

export interface QueueOptions {
  /** How many tasks run at once. */
  concurrency: number;
  /** How many tasks of each priority can wait; further ones are refused. */
  maxWaiting: number;
}

export type Enqueue = <T>(priority: Priority, task: () => Promise<T>) => Promise<T>;

/** Runs known tasks before those of strangers, and each in the order in which they arrive. @throws CodedError `server.busy` when too many wait */
export function priorityQueue({ concurrency, maxWaiting }: QueueOptions): Enqueue {
  const waiting: Record<Priority, (() => void)[]> = { known: [], stranger: [] };
  let running = 0;
  const runNext = () => {
    running -= 1;
    (waiting.known.shift() ?? waiting.stranger.shift())?.();
  };
  return async (priority, task) => {
    if (running >= concurrency) {
      const queue = waiting[priority];
      if (queue.length >= maxWaiting) throw new CodedError('server.busy', 'Many people are signing in right now. Try again in a moment.', { details: { retryAfterSeconds: busyRetryAfterSeconds } });
      await new Promise<void>((resolve) => queue.push(() => {
        running += 1;
        resolve();
      }));
    } else running += 1;
    try {
      return await task();
    } finally {
      runNext();
    }
  };
}
