import { CodedError } from '#engine/contract';
import type { ErrorCode } from '#engine/contract';
import { newId } from '#engine/kernel';
import type { FieldProblem, Problem } from '../contract/index.ts';
import { problemTable } from './problemTable.ts';
import type { HttpProblem } from './problemTable.ts';
import { RequestError } from './RequestError.ts';

export interface DescribedFailure {
  problem: Problem;
  /** A bug or a broken dependency, not a mistake of the caller. */
  isOurs: boolean;
}

/** A server that is full or stopping works as designed. */
const noFaults: ReadonlySet<ErrorCode> = new Set(['server.busy', 'server.stopping', 'lecture.busy', 'lecture.elsewhere', 'provider.unavailable', 'site.maintenance']);

/** The problem document for a failure. For a bug it contains only an incident id; the details are in the log. */
export function problemOf(error: unknown, requestId: string): DescribedFailure {
  const coded = error instanceof CodedError ? error : ofExpress(error);
  if (!coded) return { isOurs: true, problem: describe('internal', 'The failure was logged. Try again; if it happens again, report the number below.', newId('inc')) };
  const problem = describe(coded.code, coded.message, requestId);
  const errors = fieldProblems(coded);
  if (errors.length > 0) problem.errors = errors;
  const { field: _field, retryAfterSeconds, ...details } = coded.details ?? {};
  if (typeof retryAfterSeconds === 'number') problem.retryAfterSeconds = retryAfterSeconds;
  if (Object.keys(details).length > 0) problem.details = details;
  return { isOurs: problem.status >= 500 && !noFaults.has(problem.code), problem };
}

/** The server could not serve the request: broken, full or stopping. */
export function isServerFault(error: unknown): boolean {
  return error instanceof CodedError ? problemTable[error.code].status >= 500 : !ofExpress(error);
}

function describe(code: ErrorCode, detail: string, instance: string): Problem {
  const { status, title, ...rest }: HttpProblem = problemTable[code];
  return { type: `urn:lectern:problem:${code}`, status, title, detail, code, instance, ...rest };
}

function fieldProblems(error: CodedError): FieldProblem[] {
  if (error instanceof RequestError) return [...error.errors];
  const field = error.details?.field;
  return typeof field === 'string' ? [{ path: field, message: error.message }] : [];
}

/** Express throws `http-errors`; a 4xx status is a mistake of the caller. */
function ofExpress(error: unknown): CodedError | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number' || error.status >= 500) return undefined;
  return new RequestError([{ path: '', message: error.message }]);
}
