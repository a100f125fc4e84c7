// Time-outs, intervals and bounds of the live lecture. Limits that clients have to know are in engine/contract/limits.ts.

/** How long join, leave and hand events wait for others before they are written together, ms. A crash loses at most this much of them. */
export const logFlushDelayMs = 500;

/** How long the log waits after the database refused a write before it tries again, ms. A full disk stays full for a while. */
export const logRetryDelayMs = 5000;

/** Chat transcripts kept in memory, one for each lecture whose recording is watched. The least recently used one is dropped. */
export const maxTranscripts = 64;

/** Lectures listed for one course: the newest. A daily lecture takes more than a year to reach it. */
export const maxListedLectures = 500;

/** Grace periods for which a lecture without media goes on while a presenter is in its room: an hour, with the default of 5 minutes. */
export const presenterGracePeriods = 12;

/** Delays between two attempts to open a room after its media worker died, ms. A worker restarts within 50 ms to 1 s. */
export const roomReopenRetry = { firstDelayMs: 100, maxDelayMs: 2000 } as const;

/**
 * For the answer of a lecture's owner, in ms: a start may wait for the lease of a dead process (`leaseWaitMs`), and opens the media
 * room and the event log.
 */
export const ownerRequestDeadlineMs = 15_000;

/** How long a request waits for a new owner, in ms: longer than a takeover takes (`leaseDurationMs`). */
export const takeoverWithinMs = 8000;

/** How often such a request looks for the new owner, in ms. */
export const takeoverRetryMs = 500;

/** Longest delay between two attempts of a process to open a lecture whose owner has ended, in ms. Another process may succeed earlier. */
export const maxTakeoverDelayMs = 30_000;

/** Delay after which a removal is announced once more, ms: by then it is stored, and a process that read too early reads it again. */
export const removalRepeatMs = 500;

/** How often the audience and the bitrates of a live lecture are noted for administrators, in ms. */
export const liveSampleIntervalMs = 10_000;

/** Samples of a live lecture; at twice the interval when there are more. A plot has some hundred pixels. */
export const maxLiveSamples = 360;
/** The longest planned duration of a lecture, in ms: a day, as in the contract of the API. */
export const maxPlannedDurationMs = 24 * 60 * 60_000;
