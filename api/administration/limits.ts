/** How precisely the time is noted at which a person was seen last, in ms: a page that is open asks for a new token every ten minutes. */
export const seenPrecisionMs = 3600_000;
