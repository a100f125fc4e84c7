import { CodedError, errorCodes } from '#engine/contract';
import type { ErrorCode } from '#engine/contract';
import { sentenceFor } from '../text/sentenceFor.ts';

/** The sentence about a refused upload or a failed video. */
export function failureSentence({ code, message }: { code: string; message: string }): string {
  return sentenceFor(new CodedError(errorCodeOf(code), message));
}

/** A newer server may have codes that this page does not know. */
export function errorCodeOf(code: string): ErrorCode {
  return errorCodes.find((known) => known === code) ?? 'request.invalid';
}
