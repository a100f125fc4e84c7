import { pino } from 'pino';
import type { DestinationStream, Logger as PinoLogger } from 'pino';

/** pino's own shape: `logger.info({ lectureId }, 'lecture.started')`. */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error' | 'fatal'> & { child(fields: Record<string, unknown>): Logger };

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

const secretPaths = ['password', 'token', 'refreshToken', 'accessToken', 'streamKey', 'key', 'authorization', 'cookie', 'ticket', 'secret'];

export interface LoggerOptions {
  level: LogLevel;
  /** Lines for people instead of JSON. */
  isPretty?: boolean;
  destination?: DestinationStream;
}

export function createLogger(options: LoggerOptions): Logger {
  const settings = {
    level: options.level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: secretPaths.flatMap((path) => [path, `*.${path}`]), censor: '[redacted]' },
  };
  if (options.isPretty) {
    return pino({ ...settings, transport: { target: 'pino-pretty', options: { translateTime: 'SYS:HH:MM:ss', ignore: 'pid,hostname' } } });
  }
  return pino(settings, options.destination ?? pino.destination(1));
}
