// Limits and times of exports and erasures.

/** Milliseconds for which an export can be downloaded: a week of mail that is read late. */
export const exportRetentionMs = 7 * 24 * 3600_000;

/** Milliseconds after which an export that has not ended counts as failed: its attempts take minutes. */
export const exportTimeoutMs = 2 * 3600_000;

/** Seconds for which the address of a download works: a click, and a slow connection that asks again. */
export const downloadSeconds = 5 * 60;

/** Exports that a node makes at once: each reads the whole database of a person. */
export const exportConcurrency = 1;

/** Attempts of an export before it is shown as failed. */
export const exportAttempts = 3;

/** Milliseconds before the second attempt; doubled for the third. */
export const exportRetryMs = 10_000;

/** Milliseconds between two looks for accounts that are to be erased. Nobody waits for it to the hour. */
export const erasureIntervalMs = 3600_000;

/** Accounts erased in one look. More wait for the next one, so that erasing a whole year's students does not hold the database. */
export const erasureBatch = 200;
