/** Milliseconds for which the members of a process that says nothing are still counted. */
export const presenceLifetimeMs = 15_000;

/** Milliseconds between two renewals; two may be lost. */
export const presenceRenewalMs = 5000;

/** Milliseconds in which entering and leaving is collected: a class of a thousand that joins is a few commands. */
export const presenceFlushMs = 100;
