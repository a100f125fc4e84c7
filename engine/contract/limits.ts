// Limits of a lecture and its media that clients have to know. The engine, signaling and the API enforce these constants.

/** Characters of one chat message after trimming: a long question or a piece of code. */
export const maxChatTextLength = 2000;

/** Messages that a joining client receives, the newest ones: several screens. The replay has all of them. */
export const chatHistoryLimit = 200;

/** Messages that one person can post within `chatBurstWindowMs`. Nobody can read faster. */
export const chatBurstLimit = 5;

/** Milliseconds over which `chatBurstLimit` counts. */
export const chatBurstWindowMs = 10_000;

/** Seconds for which a join ticket is valid: enough to connect over a slow network, too short to pass it on. */
export const joinTicketSeconds = 60;

/** Characters of the RTP capabilities of a device as JSON. Those of Chrome for this server's codecs have some 3,000. */
export const maxCapabilitiesLength = 16 * 1024;

/** Format parameters of one codec; H.264 has four. */
export const maxCodecParameters = 16;
