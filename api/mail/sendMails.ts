import type { UserId } from '#engine/contract';
import type { JobHandler, Logger } from '#engine/kernel';
import { composeMail, shownName } from './composeMail.ts';
import { mailConcurrency } from './limits.ts';
import { MailRefusedError } from './Mailer.ts';
import type { Mailer } from './Mailer.ts';
import { mailJobs } from './MailQueue.ts';
import type { MailRow, MailStore } from './MailStore.ts';

/** The receiver, as far as a mail needs to know. */
export interface Receiver {
  displayName: string;
  email: string;
  isEmailVerified: boolean;
  language?: string | undefined;
}

export interface SendMailsOptions {
  store: MailStore;
  /** Undefined: the site sends no mail. */
  mailer: Mailer | undefined;
  /** Prints the links of mails that are not sent: everybody who reads the log can use them. */
  printsLinks: boolean;
  receiverOf: (userId: UserId) => Promise<Receiver | undefined>;
  courseTitleOf: (courseId: string) => Promise<string | undefined>;
  /** A new one-time token of a link; undefined when the link is no longer valid. Only its hash is stored. */
  tokenOf: (linkId: string) => Promise<string | undefined>;
  /** Where browsers reach the site, without a slash at the end. */
  siteUrl: string;
  logger: Logger;
}

interface Addressed {
  row: MailRow;
  receiver: Receiver;
  to: string;
  url: string;
}

/** Sends the mails of the queue. A mail may arrive twice: a worker that dies after sending it has not stored that. */
export function sendMails(options: SendMailsOptions): JobHandler<{ mailId: string }> {
  const { store } = options;
  return {
    kind: mailJobs,
    concurrency: mailConcurrency,
    isLight: true,
    run: async ({ data: { mailId }, signal }) => {
      const row = await store.find(mailId);
      const addressed = row && (await address(row, options));
      if (addressed) await deliver(addressed, options, signal);
      await store.remove(mailId);
    },
  };
}

async function address(row: MailRow, { receiverOf, tokenOf, siteUrl }: SendMailsOptions): Promise<Addressed | undefined> {
  const receiver = row.userId === null ? strangerAt(row.to) : await receiverOf(row.userId as UserId);
  if (!receiver) return undefined;
  const to = row.to ?? (receiver.isEmailVerified ? receiver.email : undefined);
  if (to === undefined) return undefined;
  const page = `${siteUrl}${row.path}`;
  if (row.linkId === null) return { row, receiver, to, url: page };
  const token = await tokenOf(row.linkId);
  // In the fragment, which browsers send to no server.
  return token === undefined ? undefined : { row, receiver, to, url: `${page}#${token}` };
}

async function titleOf(courseId: string | null, courseTitleOf: SendMailsOptions['courseTitleOf']): Promise<string> {
  return courseId === null ? '' : ((await courseTitleOf(courseId)) ?? '');
}

/** Somebody who has no account, or has not shown to have it. */
function strangerAt(email: string | null): Receiver | undefined {
  return email === null ? undefined : { displayName: '', email, isEmailVerified: false };
}

async function deliver({ row, receiver, to, url }: Addressed, { mailer, printsLinks, courseTitleOf, siteUrl, logger }: SendMailsOptions, signal: AbortSignal): Promise<void> {
  const { _id: mailId, template, userId, about, until, linkId, courseId = null } = row;
  if (!mailer) {
    if (linkId !== null && printsLinks) logger.info({ template, userId, link: url }, 'mail.link');
    return;
  }
  const isProved = receiver.isEmailVerified && to === receiver.email;
  const course = await titleOf(courseId, courseTitleOf);
  const values = { name: isProved ? receiver.displayName : '', address: about ?? receiver.email, url, course: shownName(course), ...(until !== null && { until }) };
  try {
    await mailer.send({ to, ...composeMail({ template, values, language: receiver.language, siteUrl }) }, signal);
    logger.info({ mailId, template, userId }, 'mail.sent');
  } catch (err) {
    if (!(err instanceof MailRefusedError)) throw err;
    logger.warn({ mailId, template, userId, err }, 'mail.refused');
  }
}
