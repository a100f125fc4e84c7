/** A mail as it is sent. */
export interface OutgoingMail {
  /** The address of the receiver. */
  to: string;
  subject: string;
  text: string;
  html: string;
}

/** The server has refused this receiver or this mail for good: another attempt would be refused as well. */
export class MailRefusedError extends Error {
  override readonly name = 'MailRefusedError';
}

/** Sends mails. Implemented by `SmtpMailer`, and by the fake of the tests. */
export interface Mailer {
  /**
   * Resolves when a server has taken the mail. Ends within `mailDeadlineMs`, whatever the server does.
   * @throws MailRefusedError; Error for what may succeed later. Neither names the address.
   */
  send(mail: OutgoingMail, signal: AbortSignal): Promise<void>;
}
