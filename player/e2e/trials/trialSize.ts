/**
 * Whether this is `npm run trials`, which measures as well. `npm test` checks only what holds on any machine: tests and
 * expectations that depend on its speed stand behind `if (isLongRun)`.
 */
export const isLongRun = process.env.LECTERN_TRIALS === 'long';

/** How much of something a trial does: `short` in `npm test`, `long` in `npm run trials`. */
export function trialSize(size: { short: number; long: number }): number {
  return isLongRun ? size.long : size.short;
}
