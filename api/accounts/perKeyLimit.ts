import { CodedError } from '#engine/contract';
import { busyRetryAfterSeconds } from '../limits.ts';

/** Lets each account have so many tries under way, so that none takes the turns of the others. @throws CodedError `server.busy` */
export function perKeyLimit(most: number): <T>(account: string, attempt: () => Promise<T>) => Promise<T> {
  const underWay = new Map<string, number>();
  return async (account, attempt) => {
    const before = underWay.get(account) ?? 0;
    if (before >= most) throw new CodedError('server.busy', 'There are too many sign-ins to this account at once. Try again in a moment.', { details: { retryAfterSeconds: busyRetryAfterSeconds } });
    underWay.set(account, before + 1);
    try {
      return await attempt();
    } finally {
      const left = (underWay.get(account) ?? 1) - 1;
      if (left > 0) underWay.set(account, left);
      else underWay.delete(account);
    }
  };
}
