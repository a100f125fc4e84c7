import { pino } from 'pino';
import type { DestinationStream, Logger as PinoLogger } from 'pino';
import { logFields } from './logContext.ts';

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

/** A pino logger that replaces secrets with `[redacted]`. */
export function createLogger(options: LoggerOptions): Logger {
  const settings = {
    level: options.level,
    base: null,
    // A copy: pino adds the fields of the line to it.
    mixin: () => ({ ...logFields() }),
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: secretFields.flatMap((field) => [field, `*.${field}`]), censor: '[redacted]' },
  };
  if (options.isPretty) {
    return pino({ ...settings, transport: { target: 'pino-pretty', options: { translateTime: 'SYS:HH:MM:ss', ignore: 'pid,hostname' } } });
  }
  return pino(settings, options.destination ?? pino.destination(1));
}
