import * as z from 'zod';
import { jobKind } from '../JobKind.ts';

/** With a short lease, so that a test sees it expire. */
export const heldJobs = jobKind('test.held', { data: z.null(), leaseMs: 3000 });
