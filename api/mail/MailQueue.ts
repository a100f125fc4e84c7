import * as z from 'zod';
import { RecordId } from '#engine/contract';
import type { UserId } from '#engine/contract';
import { jobKind, toInstant } from '#engine/kernel';
import type { Clock, JobQueue } from '#engine/kernel';
import { mailMaxAttempts, mailRetryFirstMs } from './limits.ts';
import type { MailStore } from './MailStore.ts';
import type { MailTemplate } from './MailText.ts';

export const mailJobs = jobKind('mail.send', { data: z.object({ mailId: RecordId }), priority: 5, maxAttempts: mailMaxAttempts, retryFirstMs: mailRetryFirstMs });

export interface NewMail {
  /**
   * Null for a receiver without an account. Without `to`, the mail is not sent: an answer that must not tell whether there is an account
   * takes the same time.
   */
  userId: UserId | null;
  template: MailTemplate;
  /** Of the page that the mail leads to. */
  path: string;
  /** The verified address of the account when left out; without one, nothing is sent. */
  to?: string;
  about?: string;
  linkId?: string;
  courseId?: string;
  until?: string;
}

/** Adds mails that a job sends: a server that hangs holds up nobody. */
export class MailQueue {
  readonly #store: MailStore;
  readonly #jobs: Pick<JobQueue, 'add'>;
  readonly #clock: Clock;

  constructor({ store, jobs, clock }: { store: MailStore; jobs: Pick<JobQueue, 'add'>; clock: Clock }) {
    this.#store = store;
    this.#jobs = jobs;
    this.#clock = clock;
  }

  async add({ userId, template, path, to, about, linkId, courseId, until }: NewMail): Promise<void> {
    const createdAt = toInstant(this.#clock.nowMs());
    const { _id: mailId } = await this.#store.add({ userId, template, path, to: to ?? null, about: about ?? null, linkId: linkId ?? null, courseId: courseId ?? null, until: until ?? null, createdAt });
    await this.#jobs.add(mailJobs, { key: mailId, data: { mailId } });
  }
}
