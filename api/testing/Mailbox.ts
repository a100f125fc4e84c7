import type { Mailer, OutgoingMail } from '../mail/index.ts';

/** A mailer that keeps the mails. */
export class Mailbox implements Mailer {
  readonly mails: OutgoingMail[] = [];
  /** Thrown by `send` when set. */
  failure: Error | undefined;

  async send(mail: OutgoingMail, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.failure) throw this.failure;
    this.mails.push(mail);
  }

  /** The newest mail to the address. */
  to(address: string): OutgoingMail {
    const mail = this.mails.findLast(({ to }) => to === address);
    if (!mail) throw new Error('there is no mail to this address');
    return mail;
  }

  /** The token of the link in the newest mail to the address. */
  tokenFor(address: string): string {
    const token = /#(\S+)/.exec(this.to(address).text)?.[1];
    if (token === undefined) throw new Error('the mail has no link with a token');
    return token;
  }
}
