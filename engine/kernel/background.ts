import type { Logger } from './Logger.ts';

/**
 * Takes charge of a promise that nobody awaits. A rejection is logged as `background.failed` with `task: name` and does
 * not crash the process.
 */
export function background(name: string, promise: Promise<unknown>, logger: Logger): void {
  promise.catch((err: unknown) => logger.error({ err, task: name }, 'background.failed'));
}
