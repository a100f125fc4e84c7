import type { UserId } from '#engine/contract';
import { newId } from '#engine/kernel';
import type { Collection, Database } from '#engine/kernel';
import type { MailTemplate } from './MailText.ts';

/** A mail that is to be sent. The job that sends it knows its id only, so that no job holds a name or an address. */
export interface MailRow {
  _id: string;
  /** The account it is about. Null: the receiver has none, or, without `to`, the mail is not sent because nobody has the address. */
  userId: string | null;
  template: MailTemplate;
  /** The receiver; null for the verified address of the account. */
  to: string | null;
  /** The address that the mail is about, if it is another one than the account's. */
  about: string | null;
  /** The link whose token is appended to the path. */
  linkId: string | null;
  /** Of the page that the mail leads to: `/reset-password`. */
  path: string;
  /** The course that the mail is about. Absent in mails of older versions. */
  courseId?: string | null;
  /** ISO 8601; what it means depends on the template. */
  until: string | null;
  createdAt: string;
}

/** The mails that are not sent yet. Owns the collection `mails`. */
export class MailStore {
  readonly #mails: Collection<MailRow>;

  constructor(database: Database) {
    this.#mails = database.collection<MailRow>({ name: 'mails', indexes: [{ keys: { userId: 1 } }, { keys: { to: 1 } }, { keys: { createdAt: 1 } }] });
  }

  async add(mail: Omit<MailRow, '_id'>): Promise<MailRow> {
    const row: MailRow = { _id: newId('mai'), ...mail };
    await this.#mails.insertOne(row);
    return row;
  }

  async find(mailId: string): Promise<MailRow | undefined> {
    return (await this.#mails.findOne({ _id: mailId })) ?? undefined;
  }

  async remove(mailId: string): Promise<void> {
    await this.#mails.deleteOne({ _id: mailId });
  }

  async ofUser(userId: UserId): Promise<MailRow[]> {
    return this.#mails.find({ userId });
  }

  async removeAllOf(userId: UserId): Promise<void> {
    await this.#mails.deleteMany({ userId });
  }

  /** Mails to an address, also those to people without an account. */
  async removeAllTo(address: string): Promise<void> {
    await this.#mails.deleteMany({ to: address });
  }

  /** Those that could not be sent for a long time. */
  async removeOlder(createdAt: string): Promise<void> {
    await this.#mails.deleteMany({ createdAt: { $lt: createdAt } });
  }
}
