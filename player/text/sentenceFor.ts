import { ApiError, ApiUnreachableError } from '#api/contract';
import { isCoded } from '#engine/contract';
import type { ErrorCode } from '#engine/contract';
import { text, translated } from './index.ts';
import { sentenceSource } from './sentenceSource.ts';

/** The sentence that the user reads for a failure. */
export function sentenceFor(error: unknown): string {
  if (error instanceof ApiError) return chooseSentence(error.code, error.problem.errors?.[0]?.message ?? error.problem.detail);
  if (isCoded(error)) return chooseSentence(error.code, error.message);
  if (error instanceof ApiUnreachableError || (error instanceof Error && error.name === 'ConnectionLostError')) return text.localErrors.unreachable;
  if (error instanceof Error && error.name === 'TimeoutError') return text.localErrors.timedOut;
  return text.localErrors.unknown;
}

/** What is wrong with one field of a form; undefined if nothing is. */
export function fieldSentence(error: unknown, path: string): string | undefined {
  const sentence = error instanceof ApiError ? error.field(path) : undefined;
  return sentence === undefined ? undefined : (translated(sentence) ?? text.fieldWrong);
}

/** The page's own sentence, unless the server's says more and can be shown in the language of the page. */
function chooseSentence(code: ErrorCode, serverSentence: string): string {
  const specific = sentenceSource[code] === 'server' && serverSentence.trim() !== '' ? translated(serverSentence) : undefined;
  return specific ?? text.errors[code];
}
