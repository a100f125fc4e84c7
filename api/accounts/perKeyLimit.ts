import { CodedError } from '#engine/contract';
import { busyRetryAfterSeconds } from '../limits.ts';

/** Runs at most `limit` attempts with each key at once, so that no account delays the others. @throws CodedError `server.busy` */
export function perKeyLimit(limit: number): <T>(key: string, attempt: () => Promise<T>) => Promise<T> {
  const running = new Map<string, number>();
  return async (key, attempt) => {
    const count = running.get(key) ?? 0;
    if (count >= limit) throw new CodedError('server.busy', 'There are too many sign-ins to this account at once. Try again in a moment.', { details: { retryAfterSeconds: busyRetryAfterSeconds } });
    running.set(key, count + 1);
    try {
      return await attempt();
    } finally {
      const left = (running.get(key) ?? 1) - 1;
      if (left > 0) running.set(key, left);
      else running.delete(key);
    }
  };
}
