import type { Logger } from './Logger.ts';

/** For a promise that nobody awaits: its failure is logged, and never crashes the process. */
export function background(name: string, promise: Promise<unknown>, logger: Logger): void {
  promise.catch((err: unknown) => logger.error({ err, task: name }, 'background.failed'));
}
