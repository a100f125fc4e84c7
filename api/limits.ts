// Limits, lifetimes and time-outs inside the API. Those that clients have to know are in contract/limits.ts.
import { courseTrashDays } from './contract/index.ts';
import type { RouteName } from './contract/index.ts';

/** Seconds for which an access token is valid. A page refreshes it in time; an ended login is refused at once all the same. */
export const accessTokenSeconds = 10 * 60;

/** Milliseconds for which a refresh token is valid, counted from the last refresh. */
export const refreshTokenMs = 30 * 24 * 3600_000;

/** Milliseconds in which a used refresh token yields the same successor again: two tabs, or a page reloaded while it refreshes. */
export const refreshRepeatMs = 10_000;

/** Milliseconds for which a browser is remembered as one in which an account has logged in. It outlives the login. */
export const knownDeviceMs = 180 * 24 * 3600_000;

/** Milliseconds for which a login may change second factors and linked accounts after the person has proved to be the owner. */
export const confirmedMs = 10 * 60_000;

/** Milliseconds for one step that a person takes in the page: reading a code, touching a key, signing in at a provider. */
export const stepTokenMs = 10 * 60_000;

/** Bytes of the secret of an authenticator app: the length of SHA-1, RFC 4226 §4. */
export const totpSecretBytes = 20;

/** Time steps before and after the current one whose codes are accepted: RFC 6238 §5.2 recommends one for the delay. */
export const totpWindow = 1;

/** Wrong codes at one login; after them the password has to be entered again. */
export const maxCodeAttemptsPerLogin = 5;

/** Wrong codes of one account at once, and in an hour: 240 guesses a day at three codes in a million. */
export const codeAttempts = { burst: 10, perSecond: 10 / 3600 };

/** Seconds for a request to a sign-in provider. A person waits for it. */
export const providerTimeoutSeconds = 8;

/** Milliseconds for which the addresses and features of a provider are remembered; its keys are read when an unknown one signs. */
export const providerMetadataMs = 60 * 60_000;

/** Milliseconds for which a provider that did not answer is not asked again: a class that signs in does not wait for it one by one. */
export const providerRetryMs = 5_000;

/** Seconds by which the clock of a provider may differ from ours. */
export const providerClockToleranceSeconds = 30;

/** Milliseconds of a day. */
export const dayMs = 24 * 3600_000;

/** Milliseconds after which a declined person may ask to join again: the instructor decides once a day at most. */
export const requestAgainMs = dayMs;

/** Milliseconds between two looks at all waiting lists, for seats that a process which died has left free. */
export const fillSeatsIntervalMs = 5 * 60_000;

/** Milliseconds after which a withdrawn place on a waiting list is forgotten: much longer than a request takes. */
export const withdrawnPlaceMs = 3600_000;

/** Milliseconds for which a list of people that was read can be applied. */
export const rosterPreviewMs = dayMs;

/** Lines of a list that are applied at once. The database writes them in one commit. */
export const rosterBatchSize = 25;

/** Milliseconds for which the owner of a deactivated account can undo that; then it is erased. */
export const undoDeactivationMs = 30 * 24 * 3600_000;

/** Seconds for which TURN credentials are valid: a day of lectures, because a browser keeps those it joined with. */
export const turnCredentialSeconds = 12 * 3600;

/** Logins of one account; beyond it, the oldest login ends. More browsers than anyone uses, and a bound for the database. */
export const maxLoginsPerAccount = 100;

/** Milliseconds between two cleanups of the database, which remove expired logins and finished jobs. */
export const cleanUpIntervalMs = 6 * 3600_000;

/** Password checks of one account at once: one person on all devices. More would delay others. */
export const maxPasswordChecksPerAccount = 8;

/** Password hashes computed at once. Each occupies one of libuv's four threads, and one has to be left for the disk. */
export const maxPasswordHashes = 3;

/** Password hashes that wait for each one that is computed, at about 35 ms each: the last one waits for some four seconds. */
export const maxWaitingPasswordHashes = 128;

/** Seconds that a client is asked to wait after `server.busy` from the password queue. */
export const busyRetryAfterSeconds = 2;

/** Milliseconds by which the planned start of a lecture may have passed: the time to fill in the form, and a device clock that is late. */
export const scheduleToleranceMs = 10 * 60_000;

/** The part of its lifetime for which a media token is given out again: an hour and a half of the six that are the default. */
export const mediaTokenReuse = 1 / 4;

/** Media tokens that are given out again, for each viewer and recording. One takes about 1 KB. */
export const maxRememberedMediaTokens = 20_000;

/** Lectures and videos in each list of the home page. */
export const homeListLength = 12;

/** Quality of the WebP images of people and courses, of 100: no loss is seen, and a face takes some 15 kB. */
export const webpQuality = 82;

/** Milliseconds that the conversion of an image may take. The largest AVIF needs about five seconds of a core. */
export const imageConversionMs = 30_000;

/** Images that wait for their conversion, the running one included. Each holds at most `maxImageBytes` in memory. */
export const maxWaitingConversions = 8;

/** Seconds for which browsers keep an image: a year, since its content never changes. */
export const imageCacheSeconds = 365 * 24 * 3600;

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

/** File descriptors that HTTP connections leave to recordings (a few for each), media workers, ffmpeg and the database. */
export const minReservedDescriptors = 128;

/** The share of all file descriptors that HTTP connections leave, where that is more than `minReservedDescriptors`. */
export const reservedDescriptorShare = 0.25;

/** Milliseconds an idle connection is kept: longer than the 60 s of usual reverse proxies, so that it is never the server that closes under a request. */
export const keepAliveTimeoutMs = 65_000;

/** Milliseconds that requests in flight have to finish when the server closes. */
export const closeGraceMs = 3_000;

/** Milliseconds for which the result of `/health/ready` is shared. Probes come every ten seconds or so. */
export const readinessLifetimeMs = 5_000;

/** Milliseconds that a part has to answer. Less than `readinessLifetimeMs`, so that checks do not pile up. */
export const readinessTimeoutMs = 3_000;

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

/** The time-outs of HTTP. A slow network needs seconds for its headers, and a client that sends less is broken or an attack. */
export const serverTimeouts: ServerTimeouts = { headersMs: 10_000, requestMs: 30_000, checkEveryMs: 2_000, stalledMs: 120_000 };

/** What the counted requests have in common. */
export type CountedBy = 'address' | 'account' | 'email' | 'addressAndEmail' | 'device' | 'login';

export interface RateLimit {
  by: CountedBy;
  /** At once, and in `perSeconds` in the long run. */
  count: number;
  perSeconds: number;
  /** Counts only attempts that failed because of the caller. */
  countsOnlyWrongTries?: boolean;
  /** What is beyond it waits for its turn (`slowedIntervalMs`) instead of being refused: many people may share an address. */
  isSlowedBeyond?: boolean;
}

/** Milliseconds between two requests of strangers behind an address that has sent too many: a class of sixty gets in within a minute. */
export const slowedIntervalMs = 1000;

/** Milliseconds that a slowed request waits at most; browsers give up after a minute or more. */
export const maxSlowedWaitMs = 20_000;

/**
 * The requests that pay for an attacker who guesses or floods. They are counted by what belongs to one person: the account,
 * the login, the known device. An address speaks for a whole campus, or for everybody behind a proxy, so a limit of an address
 * only slows strangers down. For a known device only its own limit applies, so that nobody else can use up its attempts.
 * Limits of addresses come before limits of e-mail addresses, because a slowed address fills the memory with invented
 * addresses slowly.
 */
export const rateLimits: { readonly [N in RouteName]?: readonly RateLimit[] } = {
  // A thousand students sign up from one campus before the first lecture.
  signup: [{ by: 'address', count: 1000, perSeconds: 3600, isSlowedBeyond: true }],
  // Ten wrong passwords of a person, a hundred of everyone who guesses at an account, three hundred of a campus.
  login: [
    { by: 'device', count: 10, perSeconds: 900, countsOnlyWrongTries: true },
    { by: 'address', count: 300, perSeconds: 900, countsOnlyWrongTries: true, isSlowedBeyond: true },
    { by: 'addressAndEmail', count: 10, perSeconds: 900, countsOnlyWrongTries: true },
    { by: 'email', count: 100, perSeconds: 3600, countsOnlyWrongTries: true },
  ],
  // Somebody who tries out a receiver; all webhooks of the site share a few deliveries at once.
  testCourseWebhook: [{ by: 'account', count: 20, perSeconds: 600 }],
  resendCourseWebhookDelivery: [{ by: 'account', count: 60, perSeconds: 600 }],
  // Beside the limits of each login and account (`codeAttempts`).
  completeLogin: [{ by: 'address', count: 300, perSeconds: 900, countsOnlyWrongTries: true, isSlowedBeyond: true }],
  loginWithPasskey: [{ by: 'address', count: 300, perSeconds: 900, countsOnlyWrongTries: true, isSlowedBeyond: true }],
  offerPasskeyLogin: [{ by: 'address', count: 1000, perSeconds: 3600, isSlowedBeyond: true }],
  // Guessing a link is hopeless; this bounds the noise. A class that opens a link shares one address.
  getShared: [{ by: 'address', count: 600, perSeconds: 60, isSlowedBeyond: true }],
  getSharedStream: [{ by: 'address', count: 600, perSeconds: 60, isSlowedBeyond: true }],
  getOembed: [{ by: 'address', count: 120, perSeconds: 60, isSlowedBeyond: true }],
  // Laying out a file reads all of its segments.
  postVideoComment: [{ by: 'account', count: 30, perSeconds: 300 }],
  postLectureComment: [{ by: 'account', count: 30, perSeconds: 300 }],
  rateComment: [{ by: 'account', count: 300, perSeconds: 300 }],
  rateVideo: [{ by: 'account', count: 300, perSeconds: 300 }],
  createVideoFile: [{ by: 'account', count: 60, perSeconds: 600 }],
  downloadVideo: [{ by: 'account', count: 60, perSeconds: 600 }],
  // It checks the password.
  confirmLogin: [{ by: 'account', count: 20, perSeconds: 900 }],
  addTotp: [{ by: 'account', count: 20, perSeconds: 900 }],
  // Each makes a request to the provider. A thousand students sign in from one campus before the first lecture.
  startProviderLogin: [{ by: 'address', count: 1000, perSeconds: 3600, isSlowedBeyond: true }],
  finishProviderLogin: [{ by: 'address', count: 1000, perSeconds: 3600, isSlowedBeyond: true }],
  startLink: [{ by: 'account', count: 20, perSeconds: 600 }],
  finishLink: [{ by: 'account', count: 20, perSeconds: 600 }],
  // Every open page of a browser refreshes once in `accessTokenSeconds`, and once when it is loaded. A request without a valid
  // token has no login: it is refused without being counted.
  refresh: [{ by: 'login', count: 200, perSeconds: 600 }],
  // A person asks again when a mail is late; each request is a mail to somebody.
  forgotPassword: [
    { by: 'address', count: 100, perSeconds: 3600, isSlowedBeyond: true },
    { by: 'email', count: 5, perSeconds: 3600 },
  ],
  // Each makes a file, and one a day serves everybody.
  requestExport: [{ by: 'account', count: 5, perSeconds: 24 * 3600 }],
  resendVerification: [{ by: 'account', count: 5, perSeconds: 3600 }],
  // Guessing a token is hopeless; this bounds the noise, and the hashes of passwords.
  resetPassword: [{ by: 'address', count: 100, perSeconds: 3600, isSlowedBeyond: true }],
  verifyEmail: [{ by: 'address', count: 1000, perSeconds: 3600, isSlowedBeyond: true }],
  confirmEmailChange: [{ by: 'address', count: 1000, perSeconds: 3600, isSlowedBeyond: true }],
  // It checks the current password, and mails to an address that may be somebody else's.
  changeEmail: [{ by: 'account', count: 10, perSeconds: 3600 }],
  // It checks the current password, so it could be used to guess it.
  updateProfile: [{ by: 'account', count: 20, perSeconds: 900 }],
  // Decoding an image takes the server up to some seconds.
  setAvatar: [{ by: 'account', count: 20, perSeconds: 600 }],
  // It checks the enrolment code, which has 40 random bits.
  enrol: [{ by: 'account', count: 20, perSeconds: 600 }],
  enrolByCode: [{ by: 'account', count: 20, perSeconds: 600 }],
  // It checks the code as well.
  joinWaitingList: [{ by: 'account', count: 20, perSeconds: 600 }],
  sendRequest: [{ by: 'account', count: 20, perSeconds: 600 }],
  // Each is parsed, looked up and stored: an instructor corrects a list a few times.
  previewRoster: [{ by: 'account', count: 30, perSeconds: 600 }],
  // Guessing a token is hopeless; this bounds the noise.
  acceptInvitation: [{ by: 'account', count: 20, perSeconds: 600 }],
  showInvitation: [{ by: 'account', count: 60, perSeconds: 600 }],
  // A page that cannot join tries again about once a second.
  joinLecture: [{ by: 'account', count: 60, perSeconds: 60 }],
  // A player saves its position every ten seconds, and at every pause and jump.
  saveProgress: [{ by: 'account', count: 120, perSeconds: 60 }],
};

/** By how much the clocks of the processes of a site differ at most, in ms. Machines that set theirs by NTP differ by a fraction of a second. */
export const clockDifferenceMs = 60_000;

/** A search finds accounts that another process has created at least this long ago, in ms. After an import, thousands of them are read again each time. */
export const accountSearchRefreshMs = 1000;

/** People whose names are noted for the lists of a course in one step. */
export const namedPageSize = 500;

/** Milliseconds for which the offer of a course can be accepted: two weeks, as people are on holiday. */
export const ownershipOfferMs = 14 * dayMs;

/** Mails to people on the lists of one instructor: a list of the largest size at once, then 2,000 a day. Others are admitted without a mail. */
export const invitationMails = { burst: 5000, perSecond: 2000 / (24 * 3600) };

/** Addresses that are admitted to courses whose accounts are looked for at once. */
export const claimedPageSize = 500;

/** People who match a search of the whole site that are looked for in a course in one query. */
export const searchedPageSize = 1000;

/** How long a request waits for a lecture that an encoder is starting, in ms: longer than opening a room takes. */
export const startingWithinMs = 10_000;

/** How often it looks, in ms. */
export const startingRetryMs = 100;

/** Words of courses that one word of a search is compared with. A search for more courses than that needs another word. */
export const maxFoundCourses = 2000;

/** Milliseconds for which a deleted course can be restored. */
export const courseTrashMs = courseTrashDays * 24 * 3600_000;
