import { CodedError } from '#engine/contract';
import type { ErrorCode } from '#engine/contract';
import { newId } from '#engine/kernel';
import type { FieldProblem, Problem } from '../contract/index.ts';
import { problemTable } from './problemTable.ts';
import type { HttpProblem } from './problemTable.ts';
import { RequestError } from './RequestError.ts';

export interface DescribedFailure {
  problem: Problem;
  /** A bug or a broken part of the server, not something the caller did. */
  isOurs: boolean;
}

/** What is full, or closing, says so as it should: nothing is broken. */
const noFaults: ReadonlySet<ErrorCode> = new Set(['server.busy', 'server.stopping', 'lecture.busy']);

/** What the caller is told about a failure. A bug is told by its incident id only; what happened stands in the log. */
export function problemOf(error: unknown, requestId: string): DescribedFailure {
  const coded = error instanceof CodedError ? error : ofExpress(error);
  if (!coded) return { isOurs: true, problem: describe('internal', 'It has been noted. Try again; if it stays, quote the number below.', newId('inc')) };
  const problem = describe(coded.code, coded.message, requestId);
  const errors = fieldProblems(coded);
  if (errors.length > 0) problem.errors = errors;
  const { field: _field, retryAfterSeconds, ...details } = coded.details ?? {};
  if (typeof retryAfterSeconds === 'number') problem.retryAfterSeconds = retryAfterSeconds;
  if (Object.keys(details).length > 0) problem.details = details;
  return { isOurs: problem.status >= 500 && !noFaults.has(problem.code), problem };
}

/** It failed whatever the caller asked: broken, full or closing. */
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

/** The router and the pages fail with `http-errors`: a 4xx is the caller's doing. */
function ofExpress(error: unknown): CodedError | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number' || error.status >= 500) return undefined;
  return new RequestError([{ path: '', message: error.message }]);
}
