/** Milliseconds that a process has to answer: longer than its own checks may take (`readinessTimeoutMs`). */
export const reportDeadlineMs = 5_000;

/** A disk with less free space is reported: a share, and bytes for the largest recordings of a day. */
export const lowDiskShare = 0.1;
export const lowDiskBytes = 5e9;

/** A certificate that expires sooner is reported. Those of Let's Encrypt are renewed 30 days before they expire. */
export const certificateWarningMs = 14 * 24 * 3600_000;

/** Clocks that differ by more are reported. NTP keeps them within some ms; tokens and leases bear seconds. */
export const clockWarningMs = 1000;

/** A process that has not announced itself for so long is silent, in ms: three announcements. */
export const silentAfterMs = 30_000;

/** A job that waits longer for a worker is reported. */
export const waitingWarningMs = 10 * 60_000;

/** Milliseconds for which one answer is shared by the pages of all administrators. */
export const healthLifetimeMs = 2_000;
