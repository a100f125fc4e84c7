import { toInstant } from '#engine/kernel';
import type { Bus, Clock, Database, JobQueue, JobWorker, Logger } from '#engine/kernel';
import { CourseId } from '#engine/contract';
import type { UserId } from '#engine/contract';
import type { ObjectStore } from '#recorder';
import { AccountStore } from '../accounts/AccountStore.ts';
import type { LoginStore } from '../accounts/LoginStore.ts';
import { AccountLinks } from '../addresses/AccountLinks.ts';
import { AddressChanges } from '../addresses/AddressChanges.ts';
import { mailRetentionMs } from '../addresses/limits.ts';
import { CourseStore } from '../courses/CourseStore.ts';
import { MailQueue, MailStore, sendMails, SmtpMailer } from '../mail/index.ts';
import type { MailConfig, Mailer, Receiver } from '../mail/index.ts';
import { startQuizJobs } from '../quizzes/quizJobs.ts';
import { OfferStore } from '../ownership/OfferStore.ts';
import { eraseAccounts, repeatErasures } from '../personal/eraseAccounts.ts';
import { ExportStore } from '../personal/ExportStore.ts';
import { openPersonalData } from '../personal/index.ts';
import { makeExports, removeExpiredExports } from '../personal/makeExports.ts';
import { AuditStore } from '../audit/index.ts';
import type { CurrentSettings } from '../settings/index.ts';
import { cleanUp, repeatCleanUp } from './cleanUp.ts';
import type { CleanUpOptions } from './cleanUp.ts';
import { IdempotentRequests } from '../repeating/IdempotentRequests.ts';
import { AccessTokenStore } from '../tokens/AccessTokenStore.ts';

export interface AccountJobsOptions {
  database: Database;
  bus: Bus;
  jobs: JobQueue;
  logins: LoginStore;
  /** Deleted courses that can no longer be restored. */
  courses: CleanUpOptions['courses'];
  objects: ObjectStore;
  settings: CurrentSettings;
  /** Undefined: no mail is sent. */
  mailer: Mailer | undefined;
  /** See `SendMailsOptions`. */
  printsLinks: boolean;
  /** Where browsers reach the site, without a slash at the end. */
  siteUrl: string;
  /** For temporary files. */
  workFolder: string;
  clock: Clock;
  logger: Logger;
}

/** The jobs of accounts and quizzes: mails, exports, erasures, attempts whose time is up, and the removal of what has expired. Returns what ends the asking for those that repeat. */
export function startAccountJobs(worker: Pick<JobWorker, 'handle'>, options: AccountJobsOptions): () => void {
  const { database, jobs, logins, courses, objects, mailer, printsLinks, siteUrl, workFolder, clock, logger } = options;
  const [accounts, courseStore] = [new AccountStore(database), new CourseStore(database)];
  const links = new AccountLinks({ database, clock });
  const changes = new AddressChanges({ database, clock });
  const mails = new MailStore(database);
  const exports = new ExportStore(database);
  const personal = openPersonalData(options);
  const queue = new MailQueue({ store: mails, jobs, clock });
  const personOf = async (userId: UserId) => {
    const account = await accounts.find(userId);
    return account && { userId, email: account.email, displayName: account.displayName };
  };
  worker.handle(sendMails({ store: mails, mailer, printsLinks, courseTitleOf: async (courseId) => (await courseStore.find(CourseId.parse(courseId)))?.title, receiverOf: (userId) => receiverOf(accounts, userId), tokenOf: (linkId) => links.issueToken(linkId), siteUrl, logger }));
  worker.handle(makeExports({ store: exports, personal, objects, mails: queue, personOf, workFolder, clock, logger }));
  worker.handle(eraseAccounts({ accounts, personal, clock, logger }));
  const [repeated, accessTokens, offers] = [new IdempotentRequests({ database, clock }), new AccessTokenStore(database), new OfferStore(database)];
  const removals = [
    () => repeated.removeExpired(),
    (nowMs: number) => accessTokens.removeExpired(toInstant(nowMs)),
    (nowMs: number) => links.removeExpired(toInstant(nowMs)),
    (nowMs: number) => offers.removeExpired(toInstant(nowMs)),
    (nowMs: number) => changes.removeExpired(toInstant(nowMs)),
    (nowMs: number) => mails.removeOlder(toInstant(nowMs - mailRetentionMs)),
    (nowMs: number) => removeExpiredExports({ store: exports, objects }, nowMs),
  ];
  worker.handle(cleanUp({ jobs, logins, courses, audit: new AuditStore(database), settings: options.settings, clock, removals }));
  const stops = [repeatCleanUp(options), repeatErasures(options), startQuizJobs(worker, options)];
  return () => stops.forEach((stop) => stop());
}

/** What sends the mails of this site. */
export function openMailer({ LECTERN_SMTP_URL: url, LECTERN_MAIL_FROM: from }: MailConfig, clock: Clock): Mailer | undefined {
  return url === undefined || from === undefined ? undefined : new SmtpMailer({ url, from, clock });
}

async function receiverOf(accounts: AccountStore, userId: UserId): Promise<Receiver | undefined> {
  const account = await accounts.find(userId);
  if (!account) return undefined;
  const { displayName, email, emailVerifiedAt, language } = account;
  return { displayName, email, isEmailVerified: typeof emailVerifiedAt === 'string', language: language ?? undefined };
}
