import { CodedError } from '#engine/contract';
import { busyRetryAfterSeconds } from '../limits.ts';

/** Runs at most `limit` attempts of each account at once, so that no account delays the others. @throws CodedError `server.busy` */
export function perKeyLimit(limit: number): <T>(account: string, attempt: () => Promise<T>) => Promise<T> {
  const running = new Map<string, number>();
  return async (account, attempt) => {
    const count = running.get(account) ?? 0;
    if (count >= limit) throw new CodedError('server.busy', 'There are too many sign-ins to this account at once. Try again in a moment.', { details: { retryAfterSeconds: busyRetryAfterSeconds } });
    running.set(account, count + 1);
    try {
      return await attempt();
    } finally {
      const left = (running.get(account) ?? 1) - 1;
      if (left > 0) running.set(account, left);
      else running.delete(account);
    }
  };
}
