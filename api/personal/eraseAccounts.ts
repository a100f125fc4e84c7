import * as z from 'zod';
import { background, jobKind, retryUntilPersisted, toInstant } from '#engine/kernel';
import type { Clock, JobHandler, JobQueue, Logger } from '#engine/kernel';
import { userIdOf } from '../accounts/AccountStore.ts';
import type { AccountStore } from '../accounts/AccountStore.ts';
import { clockDifferenceMs } from '../limits.ts';
import { erasureBatch, erasureIntervalMs } from './limits.ts';
import type { PersonalData } from './PersonalData.ts';

const erasureJobs = jobKind('accounts.erase', { data: z.null() });

export interface EraseAccountsOptions {
  accounts: AccountStore;
  personal: PersonalData;
  clock: Clock;
  logger: Logger;
}

/** Erases the accounts whose owners deactivated them thirty days ago. One that fails does not hold up the others. */
export function eraseAccounts({ accounts, personal, clock, logger }: EraseAccountsOptions): JobHandler<null> {
  return {
    kind: erasureJobs,
    concurrency: 1,
    run: async (job) => {
      // The process that undoes a deactivation may have another clock.
      const due = await accounts.dueForErasure(toInstant(clock.nowMs() - clockDifferenceMs), erasureBatch);
      let failed = 0;
      for (const [index, account] of due.entries()) {
        job.signal.throwIfAborted();
        job.progress(index / due.length);
        const userId = userIdOf(account);
        try {
          await personal.erase({ userId, email: account.email, displayName: account.displayName });
          logger.info({ userId }, 'account.erased');
        } catch (err) {
          failed += 1;
          logger.error({ err, userId }, 'account.eraseFailed');
        }
      }
      if (failed > 0) throw new Error(`${failed} of ${due.length} accounts could not be erased`);
    },
  };
}

/** Asks for it until the database accepts that. It exists once for the whole site. Returns what ends the asking. */
export function repeatErasures({ jobs, clock, logger }: { jobs: JobQueue; clock: Clock; logger: Logger }): () => void {
  const closing = new AbortController();
  const ask = () => jobs.repeat(erasureJobs, { key: 'site', data: null, everyMs: erasureIntervalMs });
  background('erasures.repeat', retryUntilPersisted(ask, { clock, signal: closing.signal }), logger);
  return () => closing.abort(new Error('the server is stopping'));
}
