// Limits and time-outs inside the server. Those that clients have to know are in contract/limits.ts.

/** Milliseconds between two pings of Engine.IO. */
export const pingIntervalMs = 5000;

/** Milliseconds a ping waits for its pong. A dead network is detected within the sum of both. */
export const pingTimeoutMs = 5000;

/** Milliseconds within which a connection must enter the namespace. Entering takes one round trip; Socket.IO's default is 45 s. */
export const namespaceTimeoutMs = 10_000;

/** Connections outside a room that are accepted beyond the configured maximum: they are about to join or leave, or are refused with `server.busy`. */
export const connectionHeadroom = 1000;

/** Namespace connect packets on one connection. A page needs one; one polling body can carry thousands, and each opens a socket. */
export const maxNamespaceConnects = 2;

/** Bytes that wait for a client that does not read. The largest message, the acknowledgement of `room.join`, has some hundred kB. */
export const maxUnsentBytes = 4 * 2 ** 20;

/** Milliseconds between the last push and the close of its socket, so that the push is sent. */
export const closeDelayMs = 200;

/** Milliseconds for which joins and leaves are collected. While a class joins, a page receives a few packets a second instead of one per person. */
export const rosterFlushDelayMs = 250;

/** Milliseconds for which a viewer whose media has ended keeps a place in a full lecture: enough to reload the page, or to join again after an outage. */
export const placeKeptMs = 120_000;

/** Bytes of a request that cost one more unit. Checking and copying them takes as long as a small request. */
export const bytesPerRequestUnit = 4096;

/** Milliseconds to wait after `request.tooFrequent`, sent to the client. By then, `requestUnitsPerSecond` units are available again. */
export const requestRetryAfterMs = 1000;

/** Entries that the stream between the processes keeps: two minutes, at a hundred pushes a second. A reader that was disconnected for longer misses the older ones. */
export const maxStreamLength = 12_000;

/** Milliseconds for which a reader of the stream waits for an entry in one command. */
export const streamBlockMs = 2000;

/** Milliseconds before entries that Redis refused are written again: a quarter of `streamBlockMs`, so that they come with the next reads. */
export const streamRetryDelayMs = 500;

/** Milliseconds between two entries that only mark a position. */
export const streamMarkIntervalMs = 5000;

/** Pushes that wait while Redis is unavailable: as many as the stream keeps. */
export const maxWaitingPushes = 12_000;

/** How long a publication that goes to standby is still sent to its subscribers, ms: so long, a client takes to receive the one that replaces it. */
export const handoverMs = 1000;
