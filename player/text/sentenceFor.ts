import { ApiError, ApiUnreachableError } from '#api/contract';
import { isCoded } from '#engine/contract';
import type { ErrorCode } from '#engine/contract';
import { text } from './index.ts';
import { sentenceSource } from './sentenceSource.ts';

/** The sentence that the user reads for a failure. */
export function sentenceFor(error: unknown): string {
  if (error instanceof ApiError) return chooseSentence(error.code, error.problem.errors?.[0]?.message ?? error.problem.detail);
  if (isCoded(error)) return chooseSentence(error.code, error.message);
  if (error instanceof ApiUnreachableError || (error instanceof Error && error.name === 'ConnectionLostError')) return text.localErrors.unreachable;
  if (error instanceof Error && error.name === 'TimeoutError') return text.localErrors.timedOut;
  return text.localErrors.unknown;
}

/** Falls back to the page's own sentence if the server's is empty. */
function chooseSentence(code: ErrorCode, serverSentence: string): string {
  return sentenceSource[code] === 'server' && serverSentence.trim() !== '' ? serverSentence : text.errors[code];
}
