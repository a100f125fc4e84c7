/** The part of hls.js' error event that a decision hangs on. */
export interface HlsFailure {
  type: string;
  details: string;
  fatal: boolean;
  httpStatus?: number | undefined;
}

export type HlsRemedy =
  /** hls.js copes by itself. */
  | 'none'
  /** Ask for fresh URLs; whether the viewer may still watch is found out by that. */
  | 'renew'
  /** Start loading again after a pause. */
  | 'reload'
  /** Give the media element a fresh buffer; worth one try. */
  | 'recover'
  | 'giveUpCodec'
  | 'giveUpMissing';

const codecDetails = new Set(['manifestIncompatibleCodecsError', 'bufferAddCodecError', 'bufferIncompatibleCodecsError']);
/** The playlist can be read, and holds nothing. A lecture that has just begun looks like this for seconds. */
const emptyDetails = new Set(['levelEmptyError', 'manifestParsingError']);
/** What servers answer to a signature that is not valid (any more). */
const refusals = new Set([401, 403, 410]);

export function isRefusal(httpStatus: number | undefined): boolean {
  return httpStatus !== undefined && refusals.has(httpStatus);
}

export function remedyFor(failure: HlsFailure): HlsRemedy {
  if (codecDetails.has(failure.details)) return failure.fatal ? 'giveUpCodec' : 'none';
  if (!failure.fatal) return 'none';
  if (isRefusal(failure.httpStatus)) return 'renew';
  if (failure.type === 'mediaError') return 'recover';
  if (emptyDetails.has(failure.details)) return 'giveUpMissing';
  return 'reload';
}

const shortestMs = 1000;
const longestMs = 20_000;

/** How long to wait before the try after `failures` failed ones. */
export function backoffMs(failures: number): number {
  return Math.min(longestMs, shortestMs * 2 ** Math.max(0, failures - 1));
}
