// Limits and time-outs of the bus.

/** Bytes of one message. State is in the database and messages name it, so the largest is a list of some thousand ids. */
export const maxMessageBytes = 256 * 1024;

/** Messages that wait for a subscriber that is still busy with an earlier one. Beyond it they are dropped, and it is notified. */
export const maxQueuedMessages = 1000;

/** Bytes that wait for a Redis that does not take them. At a few hundred bytes a message these are minutes of a busy site. */
export const maxUnsentBytes = 8 * 2 ** 20;

/** Requests of this process without a response. */
export const maxRequestsInFlight = 1000;

/** Topics in one notification of missed messages; with more of them, all subscribers are notified. */
export const maxMissedTopics = 200;

/** Milliseconds between two pings of Redis. Revocation has a second in all: an outage should be known soon after. */
export const pingIntervalMs = 1000;

/** Milliseconds without a pong from which on Redis counts as away. A save to a slow disk can stop it for a second. */
export const pongTimeoutMs = 2500;

/** Milliseconds without a pong after which the connection is replaced: nobody may be at its other end. */
export const deadConnectionMs = 10_000;

/** Milliseconds between two attempts to connect, at most. */
export const maxReconnectDelayMs = 2000;

/** Milliseconds that a connection attempt may take. */
export const connectTimeoutMs = 3000;

/** Milliseconds for which the start waits for Redis before it continues without. */
export const firstConnectionMs = 5000;

/** Milliseconds that one command on shared state (a limit, a ticket) may take before the process decides alone. */
export const commandTimeoutMs = 500;
