import type { Logger } from './Logger.ts';

const failures = new Map<string, number>();

/** For a promise that nobody awaits: its failure is logged and counted, and never crashes the process. */
export function background(name: string, promise: Promise<unknown>, logger: Logger): void {
  promise.catch((err: unknown) => {
    failures.set(name, (failures.get(name) ?? 0) + 1);
    logger.error({ err, task: name }, 'background.failed');
  });
}

/** How often each background task has failed since the start. */
export function backgroundFailures(): ReadonlyMap<string, number> {
  return failures;
}
