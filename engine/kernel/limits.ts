/**
 * Time-outs and limits of the kernel. The limits of the database adapters are in `database/`, each
 * beside its only use.
 */

/** How often a running server updates its heartbeat file, in ms. A downtime is known to this precision. */
export const heartbeatIntervalMs = 10_000;

/**
 * Delays of `retryUntilPersisted` between two attempts, in ms. The delay doubles with each attempt, up to the maximum. The
 * maximum is short so that writes resume soon after the disk has space again. `retry` adds up to 25 % of jitter.
 */
export const persistRetry = { firstDelayMs: 1000, maxDelayMs: 5000 } as const;

/** How long `ChildProcess.close` waits between SIGTERM and SIGKILL, in ms. */
export const childProcessGraceMs = 2000;

/** How many characters of a child process's stderr are kept for the log: about 40 lines of ffmpeg. */
export const stderrTailChars = 4000;

/** How often the TLS files are checked for a renewed certificate, in ms. Certificates are renewed days before they expire. */
export const certificateCheckIntervalMs = 60_000;

/**
 * Verified tokens that are cached. A viewer of a replay has two, and with fewer places than tokens in use each check would
 * evict the next one. One takes about 1 KB, so a full cache takes about 50 MB.
 */
export const maxCachedTokens = 50_000;

/** How often a process renews its leases in a database that it shares with others, in ms. */
export const leaseRenewIntervalMs = 1000;

/** How long a lease lasts after a renewal, in ms. A process that dies is replaced within this time. */
export const leaseDurationMs = 5000;

/**
 * For so long after it began its last successful renewal a holder is certain that no other process has its lease, in ms: two
 * renewals may fail. Less than `leaseTakeAfterMs`, by a margin that clocks of different speed do not use up.
 */
export const leaseCertainMs = 3000;

/** How often a process looks at the leases of others, in ms. With `leaseTakeAfterMs`, less than `leaseDurationMs`. */
export const leaseWatchIntervalMs = 500;

/**
 * A process takes a lease that it has seen unchanged for this long by its own clock, in ms. The clocks of the machines are
 * not compared, so they may differ.
 */
export const leaseTakeAfterMs = 4000;

/** Over a longer gap between two reads, nothing is concluded from a lease that is unchanged, in ms: the database may have been away. */
export const leaseReadGapMs = 2000;

/** For so long a start waits for the lease of a process that has died, in ms. */
export const leaseWaitMs = 6000;

/** A lease that was not looked at for this long is forgotten, and has to be seen unchanged again, in ms. */
export const leaseForgetAfterMs = 60_000;

/** How often a live node announces its load, in ms. */
export const nodeAnnounceIntervalMs = 2000;

/** After so long without an announcement a node is chosen last, in ms. */
export const nodeSilentAfterMs = 10_000;

/** A node that has not announced itself for this long is not listed, in ms. More than the clocks of the machines differ by. */
export const nodeForgetAfterMs = 60_000;

/** How often a process announces itself for the page of administrators, in ms. */
export const processAnnounceIntervalMs = 10_000;

/** A process that has ended without saying so is shown for this long, in ms: an administrator sees that it is missing. */
export const processForgetAfterMs = 3600_000;

/** Deadline for closing all parts of a server, in ms; then the process exits anyway. */
export const stopWithinMs = 25_000;

/** `npm start` repeats the signal that the terminal has sent, within this time, in ms. A later one is from a person who does not want to wait. */
export const repeatedSignalMs = 1000;

/** Milliseconds within which the name of somebody else's server has to be resolved; resolvers try again after five seconds. */
export const resolveTimeoutMs = 10_000;
