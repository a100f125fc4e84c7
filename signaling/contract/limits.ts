// Limits of the room protocol that clients have to know. The server enforces these constants, and PROTOCOL.md prints them.

/** Bytes of the largest packet that the server reads; a larger one ends the connection. Requests with codecs have a few kB. */
export const maxPacketBytes = 64 * 1024;

/** Characters of a join ticket, a JWT of some 500 characters. */
export const maxTicketLength = 4096;

/** Milliseconds from connecting to `room.join`; then the server closes the connection. */
export const joinTimeoutMs = 15_000;

/** Units per second that one person can spend on requests, on all pages together. A request costs one unit or its `cost`. */
export const requestUnitsPerSecond = 40;

/** Units that one person can spend at once: as many pages as a person can have join, and subscribe to the tracks of a lecture. */
export const requestUnitBurst = 320;

/** Units of a request for which the media worker creates something: some ms of CPU, ten times a small request. */
export const mediaRequestCost = 10;

/** Malformed, unknown or too frequent requests of one connection; then the server closes it. A correct client sends none. */
export const maxInvalidRequests = 20;

/** Pages on which one person can watch one lecture, and as many on which they can present it; a further one replaces the oldest. */
export const maxPagesPerUser = 8;

/** Subscriptions of one connection. A page shows a handful of tracks. */
export const maxSubscriptions = 64;

/** People in the room snapshot, in a page of `roster.list`, and up to which joins and leaves are announced one by one. */
export const rosterLimit = 200;

/** Milliseconds between two `roster.counted`. */
export const rosterCountIntervalMs = 1000;

/** Connections that one node can be configured to accept, and so the largest offset of `roster.list`. */
export const maxConnectionsPerNode = 100_000;

/** Times that one person can raise a hand at once; each is broadcast to the room. */
export const handRaiseBurst = 5;

/** Milliseconds after which a hand can be raised once more when `handRaiseBurst` is used up. */
export const handRaiseIntervalMs = 2000;

/** Seconds between two messages of one student that a moderator is offered; 0 is off. */
export const slowModeChoicesSeconds = [0, 5, 15, 30, 60, 300] as const;

/** Milliseconds of the slowest slow mode: the last of the choices. */
export const maxSlowModeMs = Math.max(...slowModeChoicesSeconds) * 1000;
