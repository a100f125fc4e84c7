import { expect, it } from 'vitest';
import { ApiError, ApiUnreachableError } from '#api/contract';
import type { ErrorCode } from '#engine/contract';
import { decideUploadRetry } from './decideUploadRetry.ts';

const first = { failures: 0, losses: 0 };
const problem = (code: ErrorCode, status: number) => new ApiError({ type: 'about:blank', title: code, status, detail: code, code, instance: 'req_1' });
const decide = (error: unknown, given: Partial<typeof first> = {}) => decideUploadRetry(error, { ...first, ...given }, () => 0);

it('tries again when the server cannot be reached, ever less often', () => {
  const gone = new ApiUnreachableError(new Error('network'));
  expect([0, 1, 2, 5, 500].map((failures) => decide(gone, { failures }))).toEqual([1000, 2000, 4000, 30_000, 30_000].map((delayMs) => ({ kind: 'later', delayMs })));
});

it('tries again after failures that pass', () => {
  for (const error of [problem('upload.locked', 423), problem('request.tooFrequent', 429), problem('internal', 500), problem('upload.offsetWrong', 409), problem('disk.full', 507)]) {
    expect(decide(error), error.code).toMatchObject({ kind: 'later' });
  }
});

it('begins again once when the upload is gone', () => {
  expect(decide(problem('upload.notFound', 404))).toEqual({ kind: 'fromStart' });
  expect(decide(problem('upload.notFound', 404), { losses: 1 })).toEqual({ kind: 'never' });
});

it('leaves it to the person when the server refuses', () => {
  for (const error of [problem('upload.tooLarge', 413), problem('upload.typeUnknown', 415), problem('access.denied', 403), problem('auth.required', 401)]) {
    expect(decide(error), error.code).toEqual({ kind: 'never' });
  }
});
