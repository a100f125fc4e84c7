// Limits of programs that call the API, and of the messages that are sent to them.

/** Seconds of the window in which all requests of a caller are counted. */
export const requestWindowSeconds = 60;

/**
 * Requests of a caller in a window, on each process. They stop a program that has run wild, not a person: `account` is a hundred
 * requests a second, more than all pages of a person ever make; an `address` speaks for a campus, and is counted until the account
 * is known.
 */
export const requestBudgets = { account: 6_000, address: 60_000 } as const;

/** Milliseconds for which the answer to a request with an `Idempotency-Key` is kept: a client that was offline over night repeats it. */
export const idempotencyMs = 24 * 3600_000;

/** Milliseconds after which a keyed request without an answer counts as lost with its process. Longer than any request takes. */
export const idempotencyLeaseMs = 2 * 60_000;

/** Milliseconds for which a change of a thing keeps other changes of it waiting at most, if its process dies. A change takes some ms. */
export const editLockMs = 10_000;

/** Milliseconds between two looks whether another change is finished. */
export const editRetryMs = 20;

/** Characters of an access token after its prefix: 160 random bits. */
export const accessTokenLength = 32;

/** Milliseconds between two notes of when an access token was used. */
export const tokenUseIntervalMs = 60_000;

/** Milliseconds that a receiver of a webhook has to answer. Standard Webhooks recommends 15 to 30 s; a receiver only has to take it. */
export const webhookTimeoutMs = 10_000;

/** Bytes of the response of a receiver that are read, for the delivery log. */
export const maxWebhookAnswerBytes = 1_000;

/** Deliveries at once on one node. A receiver that never answers costs one of them `webhookTimeoutMs`. */
export const webhookConcurrency = 2;

/** Tries of one delivery, and the wait after the first one, which doubles: the last try is some nine hours after the event. */
export const webhookAttempts = 10;
export const webhookRetryMs = 60_000;

/** Failed tries in a row after which a webhook is disabled: five deliveries of which all tries have failed. */
export const maxWebhookFailures = 50;

/** Milliseconds for which deliveries are kept. */
export const webhookLogMs = 14 * 24 * 3600_000;

/** Deliveries in a page of the log. */
export const webhookPageSize = 30;

/** Milliseconds between two looks for deliveries that have no job, because a process died in between. */
export const webhookSweepMs = 5 * 60_000;
