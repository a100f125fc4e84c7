import { ApiError } from '../contract/index.ts';
import type { Problem } from '../contract/index.ts';

/** The problem document of a call that is expected to fail. */
export async function refusal(call: Promise<unknown>): Promise<Problem> {
  const outcome = await call.then(
    () => new Error('the call was expected to be refused'),
    (error: unknown) => error,
  );
  if (outcome instanceof ApiError) return outcome.problem;
  throw outcome;
}
