/** Keys in memory from which on those that are no longer needed are removed; a class of a thousand joins without a sweep. */
export const firstSweepSize = 1000;

/** Milliseconds between two removals of used tickets whose lifetime is over from the database. */
export const usedTicketSweepMs = 600_000;

/** Milliseconds longer for which a bucket in Redis lives than it takes to fill. */
export const bucketMarginMs = 1000;
