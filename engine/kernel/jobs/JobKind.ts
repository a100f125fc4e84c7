import type * as z from 'zod';
import * as limits from './limits.ts';

/** A kind of work that the queue knows. */
export interface JobKind<Data> {
  /** `video.poster` */
  readonly name: string;
  /** What a job has to know: ids, not the state, which its handler reads. */
  readonly data: z.ZodType<Data>;
  /** Higher ones run first. */
  readonly priority: number;
  /** Tries before a job becomes a dead letter. */
  readonly maxAttempts: number;
  readonly retryFirstMs: number;
  readonly retryMaxMs: number;
  readonly leaseMs: number;
  /** Jobs of this kind that run at once on all nodes together; undefined: only the bounds of the nodes apply. */
  readonly maxRunning: number | undefined;
}

type Options<Data> = Pick<JobKind<Data>, 'data'> & Partial<JobKind<Data>>;

export function jobKind<Data>(name: string, options: Options<Data>): JobKind<Data> {
  const { leaseMs, maxAttempts, retryFirstMs, retryMaxMs } = limits;
  return { priority: 0, maxAttempts, retryFirstMs, retryMaxMs, leaseMs, maxRunning: undefined, ...options, name };
}
