/** How often open attempts are looked for whose time is up, in ms. A person who looks sees the end at once; this is for those who left. */
export const handInIntervalMs = 60_000;

/** Attempts that one look hands in; more wait for the next. */
export const handInBatch = 1000;

/** Tries to hand in or to grade while answers are saved: each is lost only to another change of the same attempt. */
export const attemptWriteTries = 20;
