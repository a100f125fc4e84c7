import { CodedError, CourseId, isCoded, UserId } from '#engine/contract';
import type { Logger } from '#engine/kernel';
import type { AccountRow, AccountStore } from '../accounts/AccountStore.ts';
import { claimedPageSize } from '../limits.ts';
import type { Admission, Admissions } from './Admissions.ts';
import type { PendingRow, PendingStore } from './PendingStore.ts';

export interface PendingAdmissionsOptions {
  store: PendingStore;
  accounts: AccountStore;
  admissions: Admissions;
  /** An address that nobody has proved yet is on the list of a course. */
  onInvited: (pending: PendingRow) => void;
  logger: Logger;
}

/** Enrols the people of lists when they have an account with the address of the list, and have shown that it is theirs. */
export class PendingAdmissions {
  readonly #options: PendingAdmissionsOptions;

  constructor(options: PendingAdmissionsOptions) {
    this.#options = options;
  }

  /** Enrols the person whose verified address this is, or keeps the admission until there is one. */
  async admitOrKeep(pending: Omit<PendingRow, '_id'>): Promise<Admission | { outcome: 'invited' }> {
    const { store, accounts, onInvited } = this.#options;
    const account = await accounts.findByEmail(pending.email);
    if (account && isReady(account)) return this.#admit(account, pending);
    const isKnown = await store.has(CourseId.parse(pending.courseId), pending.email);
    const row = await store.put(pending);
    // The address may have been verified in between.
    const verified = await accounts.findByEmail(pending.email);
    if (!verified || !isReady(verified)) {
      if (!isKnown) onInvited(row);
      return { outcome: 'invited' };
    }
    const admission = await this.#admit(verified, row);
    await store.remove(CourseId.parse(row.courseId), row._id);
    return admission;
  }

  /** Call it when a person has verified an address. May be repeated. */
  async claim(userId: UserId): Promise<void> {
    const { accounts, store, logger } = this.#options;
    const account = await accounts.find(userId);
    if (!account || !isReady(account)) return;
    for (const row of await store.ofEmail(account.email)) {
      const { outcome } = await this.#admit(account, row).catch((err: unknown) => {
        if (isCoded(err, 'enrolment.removed')) return { outcome: 'refused' };
        throw err;
      });
      await store.remove(CourseId.parse(row.courseId), row._id);
      logger.info({ courseId: row.courseId, userId, outcome }, 'enrolment.claimed');
    }
  }

  /**
   * The same; an error is logged, and what is left is claimed when the person signs in again, and by the job that fills seats.
   */
  async tryToClaim(userId: UserId): Promise<void> {
    try {
      await this.claim(userId);
    } catch (err) {
      this.#options.logger.warn({ err, userId }, 'enrolment.claimDelayed');
    }
  }

  /** Claims for everybody what was left by an error or by a process that died. */
  async claimEverywhere(): Promise<void> {
    const { store, accounts } = this.#options;
    for await (const emails of store.allEmails(claimedPageSize)) {
      for (const account of (await accounts.findManyByEmail(emails)).values()) await this.tryToClaim(UserId.parse(account._id));
    }
  }

  /** @throws CodedError `admission.notFound` */
  async withdraw(courseId: CourseId, pendingId: string): Promise<void> {
    if (!(await this.#options.store.remove(courseId, pendingId))) throw new CodedError('admission.notFound', 'This person has joined or is no longer invited. Reload the page.');
  }

  async #admit({ _id }: AccountRow, { courseId, role, groupId, importId }: Omit<PendingRow, '_id'>): Promise<Admission> {
    return this.#options.admissions.admit({ courseId: CourseId.parse(courseId), userId: UserId.parse(_id), role, groupId, importId });
  }
}

/** Whether the account is active, and its person has shown that the address is theirs. */
export function isReady(account: AccountRow & { emailVerifiedAt?: string | null }): boolean {
  return account.deactivatedAt === null && typeof account.emailVerifiedAt === 'string';
}
