// Limits and times of mail.

/** Milliseconds to find and reach the SMTP server. A reachable server answers within one. */
export const connectTimeoutMs = 10_000;

/** Milliseconds without a byte from the server. RFC 5321 §4.5.3.2 allows minutes; a job tries again anyway. */
export const silenceTimeoutMs = 10_000;

/** Milliseconds for one attempt, however the server spreads its bytes. */
export const mailDeadlineMs = 30_000;

/** Mails that a node sends at once. Servers commonly accept ten or more connections of a client. */
export const mailConcurrency = 4;

/** Milliseconds before the second attempt; doubled for each further one. Grey-listing asks for a minute or more. */
export const mailRetryFirstMs = 15_000;

/** Attempts before a mail becomes a dead letter: with the delays they span four hours. */
export const mailMaxAttempts = 16;
