// Limits of a lecture that clients have to know. The engine, signaling and the API enforce these constants.

/** Characters of one chat message after trimming. Room for a long question or a code fragment. */
export const maxChatTextLength = 2000;

/** Messages that a joining client receives, the newest ones. At `maxChatTextLength` they stay below half a megabyte. */
export const chatHistoryLimit = 200;

/** Messages that one person can post within `chatBurstWindowMs`. Faster than this nobody reads along. */
export const chatBurstLimit = 5;

/** Milliseconds over which `chatBurstLimit` counts. */
export const chatBurstWindowMs = 10_000;

/** Seconds for which a join ticket is valid: time to connect on a slow network, and too short to pass it on. */
export const joinTicketSeconds = 60;
