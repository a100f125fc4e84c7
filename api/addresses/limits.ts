// Lifetimes of the links in mails.
import type { LinkPurpose } from './AccountLinks.ts';

const hourMs = 3600_000;

/** Milliseconds for which a link works. The mails name these times. */
export const linkLifetimeMs: Readonly<Record<LinkPurpose, number>> = {
  // A weekend between signing up and reading the mail.
  verifyEmail: 72 * hourMs,
  // OWASP Forgot Password Cheat Sheet: short, because the link is as good as the password.
  resetPassword: hourMs,
  // The administrator gives it to the person, who may be in a lecture.
  handedReset: 24 * hourMs,
  confirmOldAddress: 24 * hourMs,
  confirmNewAddress: 24 * hourMs,
};

/** Milliseconds after which a mail that could not be sent is given up. No link in it lives longer. */
export const mailRetentionMs = 7 * 24 * hourMs;
