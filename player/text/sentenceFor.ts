import { ApiError, ApiUnreachableError } from '#api/contract';
import { isCoded } from '#engine/contract';
import type { ErrorCode } from '#engine/contract';
import { text } from './index.ts';
import { sentenceSource } from './sentenceSource.ts';

/** The sentence that a person reads for any failure. */
export function sentenceFor(error: unknown): string {
  if (error instanceof ApiError) return chooseSentence(error.code, error.problem.errors?.[0]?.message ?? error.problem.detail);
  if (isCoded(error)) return chooseSentence(error.code, error.message);
  if (error instanceof ApiUnreachableError || (error instanceof Error && error.name === 'ConnectionLostError')) return text.localErrors.unreachable;
  if (error instanceof Error && error.name === 'TimeoutError') return text.localErrors.timedOut;
  return text.localErrors.unknown;
}

/** The page's own sentence also stands in for an empty one of the server. */
function chooseSentence(code: ErrorCode, serverSentence: string): string {
  return sentenceSource[code] === 'server' && serverSentence.trim() !== '' ? serverSentence : text.errors[code];
}
