/** A mail before it is laid out. */
export interface MailText {
  subject: string;
  paragraphs: readonly string[];
  /** The button, and the address in the plain text. */
  link?: { label: string; url: string };
  /** Small print below the button. */
  notes?: readonly string[];
}

/** What a template may say about the receiver and the case. */
export interface MailValues {
  /** The name of the receiver's account. Empty for an address that nobody has proved: a stranger may have chosen the name. */
  name: string;
  /** The address that the mail is about, or the title of the video or course. */
  address?: string;
  /** The title of the course that the mail is about. Empty when it is unknown, or looks like a link. */
  course?: string;
  url?: string;
  /** ISO 8601 */
  until?: string;
}

/** The mails of the site in one language. */
export interface MailTexts {
  /** `name` may be empty. */
  greeting(name: string): string;
  /** Why the receiver gets this mail. */
  footer(siteUrl: string): string;
  templates: Readonly<Record<MailTemplate, (values: MailValues, format: MailFormat) => MailText>>;
}

export interface MailFormat {
  /** A day, like `3 March 2027`. */
  readonly day: (instant: string | undefined) => string;
}

export const mailTemplates = ['verifyEmail', 'resetPassword', 'confirmOldAddress', 'confirmNewAddress', 'passwordChanged', 'accountDeactivated', 'exportReady', 'videoRestored', 'retentionMonth', 'retentionWeek', 'courseOffered', 'invited', 'movedUp'] as const;
export type MailTemplate = (typeof mailTemplates)[number];
