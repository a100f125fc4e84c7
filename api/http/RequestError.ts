import type * as z from 'zod';
import { CodedError } from '#engine/contract';
import type { FieldProblem } from '../contract/index.ts';

/** `request.invalid`, with the problem of each field. */
export class RequestError extends CodedError {
  readonly errors: readonly FieldProblem[];

  constructor(errors: readonly FieldProblem[], message?: string) {
    super('request.invalid', message ?? errors[0]?.message ?? 'The request is not right.');
    this.errors = errors;
  }

  static of(error: z.ZodError): RequestError {
    return new RequestError(error.issues.map(({ path, message }) => ({ path: path.join('.'), message })));
  }
}
