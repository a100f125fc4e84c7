import { pino } from 'pino';
import type { DestinationStream, Logger as PinoLogger } from 'pino';
import { logFields } from './logContext.ts';
import { networkOf } from './networkOf.ts';

/** The part of pino's Logger that Lectern uses: `logger.info({ lectureId }, 'lecture.started')`. */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error' | 'fatal'> & { child(fields: Record<string, unknown>): Logger };

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** Names of fields that are redacted, at the top level of a log entry and one level below. */
const secretFields = ['password', 'token', 'refreshToken', 'accessToken', 'streamKey', 'key', 'authorization', 'cookie', 'ticket', 'secret'];

export interface LoggerOptions {
  /** The least severe level that is logged. */
  level: LogLevel;
  /** Writes readable lines instead of JSON. `destination` is then ignored. */
  isPretty?: boolean;
  /** Where JSON lines go. Default: stdout. */
  destination?: DestinationStream;
}

/** Whether log lines are for a person: on a terminal, unless a setting says otherwise. */
export function isLogPretty(format: 'pretty' | 'json' | undefined): boolean {
  return format === undefined ? process.stdout.isTTY : format === 'pretty';
}

/** A pino logger that replaces secrets with `[redacted]`, and shortens the fields `address` and `from` to a network: an IP address names a person. */
export function createLogger(options: LoggerOptions): Logger {
  const settings = {
    level: options.level,
    base: null,
    // A copy: pino adds the fields of the line to it.
    mixin: () => ({ ...logFields() }),
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { address: networkOf, from: networkOf },
    redact: { paths: secretFields.flatMap((field) => [field, `*.${field}`]), censor: '[redacted]' },
  };
  if (options.isPretty) {
    return pino({ ...settings, transport: { target: 'pino-pretty', options: { translateTime: 'SYS:HH:MM:ss', ignore: 'pid,hostname' } } });
  }
  return pino(settings, options.destination ?? pino.destination(1));
}
