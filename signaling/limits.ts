// Limits and time-outs inside the server. Those that clients have to know are in contract/limits.ts.

/** Milliseconds between two pings of Engine.IO. */
export const pingIntervalMs = 5000;

/** Milliseconds a ping waits for its pong. A dead network is detected within the sum of both. */
export const pingTimeoutMs = 5000;

/** Milliseconds in which a connection has to enter the namespace. Socket.IO's default is 45 s; entering takes one round trip. */
export const namespaceTimeoutMs = 10_000;

/** Connections beyond the configured maximum that are in no room: about to join, about to leave, or to be told that the server is full. */
export const connectionHeadroom = 1000;

/** Namespace connect packets on one connection. A page needs one; one polling body can carry thousands, and each opens a socket. */
export const maxNamespaceConnects = 2;

/** Bytes that wait for a client that does not read. The largest message, the acknowledgement of `room.join`, has some hundred kB. */
export const maxUnsentBytes = 4 * 2 ** 20;

/** Milliseconds between the last push and the close of its socket, so that the push is sent. */
export const closeDelayMs = 200;

/** Milliseconds in which joins and leaves are collected: a class that fills costs each page a few packets a second, not one per person. */
export const rosterFlushDelayMs = 250;

/** Milliseconds for which someone whose media has ended keeps a place in a full lecture: a page that reloads, or that joins again after an outage. */
export const placeKeptMs = 120_000;

/** Bytes of a request that cost a further unit; checking and copying them takes as long as a small request. */
export const bytesPerRequestUnit = 4096;

/** Milliseconds that a client is asked to wait after `request.tooFrequent`: `requestUnitsPerSecond` units are there by then. */
export const requestRetryAfterMs = 1000;

/** Entries of the stream between the processes: at a hundred pushes a second, two minutes. A reader that is away longer reads the rest. */
export const maxStreamLength = 12_000;

/** Milliseconds for which a reader of the stream waits for an entry in one command. */
export const streamBlockMs = 2000;

/** Milliseconds between two entries that only mark a position. */
export const streamMarkIntervalMs = 5000;

/** Pushes that wait for a Redis that is away: as many as the stream holds. */
export const maxWaitingPushes = 12_000;
