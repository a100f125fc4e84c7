/** The part of an hls.js error event that the decision uses. */
export interface HlsFailure {
  type: string;
  details: string;
  fatal: boolean;
  httpStatus?: number | undefined;
}

export type HlsRemedy =
  /** hls.js handles it. */
  | 'none'
  /** Renew the URLs. This also finds out whether access was revoked. */
  | 'renew'
  /** Renew the URLs and load the playlists again: a part of the video was cut meanwhile, or a cut was undone. */
  | 'reopen'
  /** Load again after a delay. */
  | 'reload'
  /** Reset the buffer of the media element, once. */
  | 'recover'
  | 'giveUpCodec'
  | 'giveUpMissing';

const codecDetails = new Set(['manifestIncompatibleCodecsError', 'bufferAddCodecError', 'bufferIncompatibleCodecsError']);
/** The playlist is empty, as in the first seconds of a lecture. */
const emptyDetails = new Set(['levelEmptyError', 'manifestParsingError']);
const notFound = 404;
/** Statuses of an invalid or expired signature. */
const refusals = new Set([401, 403, 410]);

export function isRefusal(httpStatus: number | undefined): boolean {
  return httpStatus !== undefined && refusals.has(httpStatus);
}

export function remedyFor(failure: HlsFailure): HlsRemedy {
  if (codecDetails.has(failure.details)) return failure.fatal ? 'giveUpCodec' : 'none';
  if (!failure.fatal) return 'none';
  if (isRefusal(failure.httpStatus)) return 'renew';
  if (failure.httpStatus === notFound) return 'reopen';
  if (failure.type === 'mediaError') return 'recover';
  if (emptyDetails.has(failure.details)) return 'giveUpMissing';
  return 'reload';
}

const shortestMs = 1000;
const longestMs = 20_000;

/** The delay before the next try after this many failures. */
export function backoffMs(failures: number): number {
  return Math.min(longestMs, shortestMs * 2 ** Math.max(0, failures - 1));
}
