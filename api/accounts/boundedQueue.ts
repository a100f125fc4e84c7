import pLimit from 'p-limit';
import { CodedError } from '#engine/contract';
import { busyRetryAfterSeconds } from '../limits.ts';

export interface QueueOptions {
  /** How many tasks run at once. */
  concurrency: number;
  /** How many tasks can wait; further ones are refused. */
  maxWaiting: number;
}

/** Runs tasks in the order in which they arrive. @throws CodedError `server.busy` when too many wait */
export function boundedQueue({ concurrency, maxWaiting }: QueueOptions): <T>(task: () => Promise<T>) => Promise<T> {
  const limit = pLimit(concurrency);
  return async (task) => {
    if (limit.pendingCount >= maxWaiting) throw new CodedError('server.busy', 'Many people are signing in right now. Try again in a moment.', { details: { retryAfterSeconds: busyRetryAfterSeconds } });
    return limit(task);
  };
}
