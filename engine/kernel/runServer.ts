// Responsible for the process of a server: starts it, stops it on a signal, and survives bugs.
import { systemClock } from './Clock.ts';
import type { Logger } from './Logger.ts';
import { repeatedSignalMs, stopWithinMs } from './limits.ts';
import { ConfigError } from './parseConfig.ts';

export interface RunningServer {
  readonly logger: Logger;
  /** The part that is closing now; named in the log if the deadline passes. */
  closing(): string | undefined;
  close(): Promise<void>;
}

/** Starts the server, prints what `announce` returns, and ends the process with 1 if it cannot start. */
export async function runServer<Server extends RunningServer>(start: () => Promise<Server>, announce: (server: Server) => string): Promise<void> {
  // Recordings and personal data: other users of this machine must not read them.
  process.umask(0o077);
  try {
    const server = await start();
    surviveBugs(server.logger);
    stopOnSignal(server);
    process.stdout.write(`\n${announce(server)}\n\n`);
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  }
}

/** One sentence that says why the server cannot start. */
function explain(error: unknown): string {
  if (error instanceof ConfigError) return `Lectern cannot start: ${error.message}`;
  return `Lectern cannot start: ${error instanceof Error ? error.message : String(error)}`;
}

function stopOnSignal(server: RunningServer): void {
  let stoppingSinceMs: number | undefined;
  const stop = () => {
    const nowMs = systemClock.nowMs();
    if (stoppingSinceMs !== undefined && nowMs - stoppingSinceMs < repeatedSignalMs) return;
    if (stoppingSinceMs !== undefined) process.exit(1);
    stoppingSinceMs = nowMs;
    setTimeout(() => {
      server.logger.fatal({ part: server.closing() }, 'lectern.stopTimedOut');
      process.exit(1);
    }, stopWithinMs).unref();
    server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`Lectern did not stop cleanly: ${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** A bug in one lecture must not end all others. */
function surviveBugs(logger: Logger): void {
  process.on('uncaughtException', (err) => logger.error({ err }, 'process.uncaughtException'));
  process.on('unhandledRejection', (err) => logger.error({ err }, 'process.unhandledRejection'));
}
