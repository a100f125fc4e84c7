import { signal } from '@preact/signals';

/** The time zone of the browser. */
export const browserZone = new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The time zone in which the pages show times. A component that shows one is rendered again when it changes. */
export const timeZone = signal(browserZone);

/** Shows times in the zone of the profile; null, and a zone that this browser does not know, means the browser's own. */
export function showTimeZone(wanted: string | null): void {
  timeZone.value = wanted !== null && isKnown(wanted) ? wanted : browserZone;
}

function isKnown(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
}

const minuteMs = 60_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** What the clock in a zone shows at a time, as if it were UTC, in milliseconds. */
export function wallClockMs(timeMs: number, zone: string): number {
  let format = formats.get(zone);
  if (!format) {
    const part = '2-digit';
    format = new Intl.DateTimeFormat('en-u-ca-iso8601-hc-h23', { timeZone: zone, year: 'numeric', month: part, day: part, hour: part, minute: part, second: part });
    formats.set(zone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(timeMs).map(({ type, value }) => [type, Number(value)])) as Record<string, number>;
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** How far a zone is ahead of UTC at a time, in milliseconds. */
export function zoneOffsetMs(timeMs: number, zone: string): number {
  return wallClockMs(timeMs, zone) - Math.floor(timeMs / 1000) * 1000;
}

/**
 * The time at which the clock in a zone shows `wallMs`. A time that occurs twice, when summer time ends, is the first one. A
 * time that is skipped, when summer time begins, is as much later as the clock is set forward.
 */
export function timeOfWallClock(wallMs: number, zone: string): number {
  const around = [wallMs - 24 * 60 * minuteMs, wallMs + 24 * 60 * minuteMs].map((timeMs) => zoneOffsetMs(timeMs, zone));
  const candidates = around.map((offsetMs) => wallMs - offsetMs).sort((a, b) => a - b);
  const exact = candidates.find((timeMs) => wallClockMs(timeMs, zone) === Math.floor(wallMs / 1000) * 1000);
  return exact ?? candidates.at(-1) ?? wallMs;
}
