import * as z from 'zod';
import { jobKind } from '#engine/kernel';
import { arrivalAttempts, arrivalRetryFirstMs, arrivalRetryMaxMs } from './limits.ts';

/** Checks a complete upload, and makes its video. */
export const arrivalJobs = jobKind('upload.check', {
  data: z.object({ uploadId: z.string() }),
  maxAttempts: arrivalAttempts,
  retryFirstMs: arrivalRetryFirstMs,
  retryMaxMs: arrivalRetryMaxMs,
});
