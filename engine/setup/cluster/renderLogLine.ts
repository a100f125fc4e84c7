import { inspect } from 'node:util';
import * as z from 'zod';

/** What every line of Lectern's log has. */
const LogLine = z.looseObject({ level: z.number(), time: z.string(), msg: z.string() });

const severities: Readonly<Record<number, string>> = { 20: 'debug', 30: 'info', 40: 'WARN', 50: 'ERROR', 60: 'FATAL' };
const loggedError = z.looseObject({ message: z.string() });

/** A line of the JSON log for a person: `20:17:03 info lecture.live lectureId=lec_…`. Other lines are returned as they are. */
export function renderLogLine(line: string): string {
  const parsed = LogLine.safeParse(parseJson(line));
  if (!parsed.success) return line;
  const { level, time, msg, ...fields } = parsed.data;
  const words = Object.entries(fields).map(([name, value]) => `${name}=${renderValue(value)}`);
  return [time.slice(11, 19), severities[level] ?? String(level), msg, ...words].join(' ');
}

function renderValue(value: unknown): string {
  if (typeof value === 'string') return /\s/.test(value) ? JSON.stringify(value) : value;
  const error = loggedError.safeParse(value);
  if (error.success) return JSON.stringify(error.data.message);
  return inspect(value, { breakLength: Infinity, compact: true });
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
