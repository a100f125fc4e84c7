import { ApiError, ApiUnreachableError } from '#api/contract';
import { isCoded } from '#engine/contract';
import { text } from './index.ts';

/** What to tell a person about any failure. */
export function sentenceFor(error: unknown): string {
  if (error instanceof ApiError) return error.code === 'request.invalid' ? invalid(error) : text.errors[error.code];
  if (isCoded(error)) return text.errors[error.code];
  if (error instanceof ApiUnreachableError || (error instanceof Error && error.name === 'ConnectionLostError')) return text.localErrors.unreachable;
  if (error instanceof Error && error.name === 'TimeoutError') return text.localErrors.timedOut;
  return text.localErrors.unknown;
}

function invalid(error: ApiError): string {
  const first = error.problem.errors?.[0];
  return first?.message ?? text.errors['request.invalid'];
}
