import pLimit from 'p-limit';
import { CodedError } from '#engine/contract';
import { busyRetryAfterSeconds } from '../limits.ts';

export interface TurnOptions {
  /** How many work side by side. */
  atOnce: number;
  /** How many may wait for their turn; who comes later is refused. */
  maxWaiting: number;
}

/** Lets so many work at once, and the others in the order in which they came. @throws CodedError `server.busy` */
export function boundedQueue({ atOnce, maxWaiting }: TurnOptions): <T>(work: () => Promise<T>) => Promise<T> {
  const limit = pLimit(atOnce);
  return async (work) => {
    if (limit.pendingCount >= maxWaiting) throw new CodedError('server.busy', 'Many people are signing in right now. Try again in a moment.', { details: { retryAfterSeconds: busyRetryAfterSeconds } });
    return limit(work);
  };
}
