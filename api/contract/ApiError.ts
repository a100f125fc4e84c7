import type { ErrorCode } from '#engine/contract';
import type { FieldProblem, Problem } from './problem.ts';

/** The server did not do what was requested, and says why. */
export class ApiError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.name = 'ApiError';
    this.problem = problem;
  }

  get code(): ErrorCode {
    return this.problem.code;
  }

  get status(): number {
    return this.problem.status;
  }

  /** What is wrong with one field of a form. */
  field(path: FieldProblem['path']): string | undefined {
    return this.problem.errors?.find((error) => error.path === path)?.message;
  }
}

/** No response of Lectern: the network is down, or something in between responded instead. */
export class ApiUnreachableError extends Error {
  constructor(cause: unknown) {
    super('The server did not answer.', { cause });
    this.name = 'ApiUnreachableError';
  }
}
