import { UserId } from '#engine/contract';
import { background, MemoryRateLimiters } from '#engine/kernel';
import type { Clock, Database, JobQueue, Logger, RateLimit } from '#engine/kernel';
import type { EnrolmentRow } from '../courses/EnrolmentStore.ts';
import { invitationMails } from '../limits.ts';
import { MailQueue, MailStore } from '../mail/index.ts';
import type { PendingRow } from './PendingStore.ts';

export interface EnrolmentNoticesOptions {
  database: Database;
  jobs: Pick<JobQueue, 'add'>;
  /** Of the mails to people on the lists of one instructor. */
  limit?: RateLimit;
  clock: Clock;
  logger: Logger;
}

/** Mails to people who have a seat after they waited, and to those whom a list admits by their address. Nothing waits for them. */
export function enrolmentNotices({ database, jobs, clock, logger, limit = invitationMails }: EnrolmentNoticesOptions) {
  const mails = new MailQueue({ store: new MailStore(database), jobs, clock });
  const limiter = new MemoryRateLimiters(clock).open('invitationMails', limit);
  const invite = async ({ courseId, email, createdBy }: PendingRow) => {
    if ((await limiter.take(createdBy)).isAllowed) await mails.add({ userId: null, template: 'invited', to: email, courseId, path: '/sign-in' });
    else logger.warn({ courseId, userId: createdBy }, 'enrolment.invitationNotMailed');
  };
  return {
    movedUp: ({ courseId, userId }: EnrolmentRow) => background('mail.movedUp', mails.add({ userId: UserId.parse(userId), template: 'movedUp', courseId, path: `/courses/${courseId}` }), logger),
    invited: (pending: PendingRow) => background('mail.invited', invite(pending), logger),
  };
}
