// Limits, lifetimes and time-outs inside the API. Those that clients have to know are in contract/limits.ts.
import type { RouteName } from './contract/index.ts';

/** Seconds for which an access token is valid. A page refreshes it in time; an ended login is refused at once all the same. */
export const accessTokenSeconds = 10 * 60;

/** Milliseconds for which a refresh token is valid, counted from the last refresh. */
export const refreshTokenMs = 30 * 24 * 3600_000;

/** Milliseconds in which a used refresh token yields the same successor again: two tabs, or a page reloaded while it refreshes. */
export const refreshRepeatMs = 10_000;

/** Milliseconds for which a browser is remembered as one in which an account has logged in. It outlives the login. */
export const knownDeviceMs = 180 * 24 * 3600_000;

/** Seconds for which TURN credentials are valid: a day of lectures, because a browser keeps those it joined with. */
export const turnCredentialSeconds = 12 * 3600;

/** Logins of one account, the oldest of which end: more browsers than anyone uses, and a bound for the database. */
export const maxLoginsPerAccount = 100;

/** Milliseconds between two removals of expired logins from the database. */
export const expiredLoginsIntervalMs = 6 * 3600_000;

/** Password checks of one account at once: one person on all devices. More would delay others. */
export const maxPasswordChecksPerAccount = 8;

/** Password hashes computed at once. Each occupies one of libuv's four threads, and one has to be left for the disk. */
export const maxPasswordHashes = 3;

/** Password hashes that wait for each one that is computed, at about 35 ms each: the last one waits for some four seconds. */
export const maxWaitingPasswordHashes = 128;

/** Seconds that a client is asked to wait after `server.busy` from the password queue. */
export const busyRetryAfterSeconds = 2;

/** Courses in the list of those that anyone can enrol in. */
export const maxListedCourses = 500;

/** Videos in the list of a course; more than a course has lectures. */
export const maxListedVideos = 500;

/** Bytes of a request body after decompression. The largest form, a course with its description, has some 20 kB. */
export const maxBodyBytes = 256 * 1024;

/** Nesting of a JSON body. No form nests deeper than a handful of levels. */
export const maxJsonDepth = 32;

/** Bytes of an unread body that are still read after the response; reading them costs less than a new connection. */
export const maxDrainedBytes = 256 * 1024;

/** Milliseconds that a client has to read the response to a body that is not read to its end. */
export const bodyRefusalCloseMs = 1000;

/** Requests on one connection without a response. Browsers and proxies wait for each; RFC 9112 §9.3.2 permits closing on others. */
export const maxPipelinedRequests = 8;

/** Milliseconds an idle connection is kept: longer than the 60 s of usual reverse proxies, so that it is never the server that closes under a request. */
export const keepAliveTimeoutMs = 65_000;

/** Milliseconds that requests in flight have to finish when the server closes. */
export const closeGraceMs = 3_000;

export interface ServerTimeouts {
  /** Milliseconds until the headers of a request are complete. */
  headersMs: number;
  /** Milliseconds until the whole request is complete. */
  requestMs: number;
  /** Milliseconds between two checks of the above. */
  checkEveryMs: number;
  /** Milliseconds until a connection without traffic in either direction is closed: a client that does not read its response. */
  stalledMs: number;
}

export const serverTimeouts: ServerTimeouts = { headersMs: 10_000, requestMs: 30_000, checkEveryMs: 2_000, stalledMs: 120_000 };

/** Whose requests are counted together. */
export type CountedBy = 'address' | 'account' | 'email' | 'addressAndEmail' | 'device';

export interface RateLimit {
  by: CountedBy;
  count: number;
  perSeconds: number;
  /** Only attempts that failed by the caller's doing are counted. */
  countsOnlyWrongTries?: boolean;
}

/**
 * A whole campus may come from one address at the start of a lecture, so addresses get room, and accounts do not. Where a
 * known device has a limit, that is the only one for it: nobody elsewhere can use up its attempts. Addresses come first,
 * because an address that is refused must not fill the memory with names it makes up.
 */
export const rateLimits: { readonly [N in RouteName]?: readonly RateLimit[] } = {
  completeSetup: [{ by: 'address', count: 20, perSeconds: 900 }],
  signup: [{ by: 'address', count: 1000, perSeconds: 3600 }],
  login: [
    { by: 'device', count: 10, perSeconds: 900, countsOnlyWrongTries: true },
    { by: 'address', count: 300, perSeconds: 900, countsOnlyWrongTries: true },
    { by: 'addressAndEmail', count: 10, perSeconds: 900, countsOnlyWrongTries: true },
    { by: 'email', count: 100, perSeconds: 3600, countsOnlyWrongTries: true },
  ],
  refresh: [{ by: 'address', count: 6000, perSeconds: 600 }],
  updateProfile: [{ by: 'account', count: 20, perSeconds: 900 }],
  enrol: [{ by: 'account', count: 20, perSeconds: 600 }],
  joinLecture: [
    { by: 'address', count: 6000, perSeconds: 60 },
    { by: 'account', count: 60, perSeconds: 60 },
  ],
  saveProgress: [{ by: 'account', count: 120, perSeconds: 60 }],
};
