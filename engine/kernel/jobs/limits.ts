// Limits and times of jobs. A kind may have others.

/** Milliseconds for which a job belongs to its worker without a heartbeat: long enough for a busy or suspended process to come back. */
export const leaseMs = 15_000;

/** Heartbeats in one lease: two may be lost. */
export const heartbeatsPerLease = 3;

/** Tries of a job before it becomes a dead letter. With the delays below they span an hour. */
export const maxAttempts = 8;

/** Milliseconds before the second try; doubled for each further one. */
export const retryFirstMs = 30_000;

/** The longest delay between two tries, milliseconds. */
export const retryMaxMs = 30 * 60_000;

/** Up to this share of a delay is added at random, so that jobs that failed together do not retry together. */
export const retryJitter = 0.25;

/** Milliseconds between two looks at the queue; a job that is added on this site is found at once. */
export const pollIntervalMs = 2000;

/** Milliseconds that a stopping worker waits for its jobs. */
export const stopTimeoutMs = 3000;

/** Rows read at once when leases have expired. */
export const sweepSize = 100;

/** Milliseconds for which finished and cancelled jobs are listed. */
export const finishedRetentionMs = 24 * 3600_000;

/** Milliseconds for which dead letters are kept: an administrator on leave finds them. */
export const deadRetentionMs = 60 * 24 * 3600_000;

/** Characters of an error that are stored. */
export const maxErrorChars = 2000;

/** Jobs on a page of the list. */
export const jobPageSize = 50;
