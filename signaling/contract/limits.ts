// Limits of the room protocol that clients have to know. The server enforces these constants, and PROTOCOL.md prints them.

/** Bytes of the largest packet that the server reads; a larger one ends the connection. SDP-sized requests stay far below it. */
export const maxPacketBytes = 256 * 1024;

/** Characters of a join ticket, a JWT of some 500 characters. */
export const maxTicketLength = 4096;

/** Milliseconds from connecting to `room.join`; then the server closes the connection. */
export const joinTimeoutMs = 15_000;

/** Sustained requests per second of one connection. A page that joins, publishes and subscribes stays below it. */
export const requestsPerSecond = 20;

/** Requests of one connection at once, above `requestsPerSecond`: a page that subscribes to every track after joining. */
export const requestBurst = 60;

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

/** Times that one connection can raise its hand at once; each is broadcast to the room. */
export const handRaiseBurst = 5;

/** Milliseconds after which a hand can be raised once more when `handRaiseBurst` is used up. */
export const handRaiseIntervalMs = 2000;

/** Seconds between two messages of one student that a moderator is offered; 0 is off. */
export const slowModeChoicesSeconds = [0, 5, 15, 30, 60, 300] as const;

/** Milliseconds of the slowest slow mode: the last of the choices. */
export const maxSlowModeMs = Math.max(...slowModeChoicesSeconds) * 1000;
