import * as z from 'zod';

export const Statistic = z.enum(['median', 'p95', 'p99']);
export type Statistic = z.infer<typeof Statistic>;

export const Target = z.object({
  /** The statistic that is compared with the limit. */
  of: Statistic,
  is: z.enum(['atMost', 'atLeast']),
  limit: z.number(),
});
export type Target = z.infer<typeof Target>;

/** One measured quantity: all its samples, and its target. */
export const Figure = z.object({
  group: z.string(),
  name: z.string(),
  unit: z.string(),
  samples: z.array(z.number()).min(1),
  target: Target.optional(),
  /** How it was measured, where the name does not say so. */
  note: z.string().optional(),
});
export type Figure = z.infer<typeof Figure>;

/** Nearest-rank percentile: the smallest sample that `share` of all samples do not exceed. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

export function median(samples: readonly number[]): number {
  return percentile(samples, 0.5);
}

export function valueOf({ samples }: Figure, statistic: Statistic): number {
  return percentile(samples, { median: 0.5, p95: 0.95, p99: 0.99 }[statistic]);
}

/** Undefined where there is no target. */
export function isOnTarget(figure: Figure): boolean | undefined {
  if (!figure.target) return undefined;
  const value = valueOf(figure, figure.target.of);
  return figure.target.is === 'atMost' ? value <= figure.target.limit : value >= figure.target.limit;
}
