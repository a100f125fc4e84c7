import { serverClock } from '../app/ServerClock.ts';
import { text } from './index.ts';
import { browserZone, timeOfWallClock, timeZone, wallClockMs, zoneOffsetMs } from './timeZone.ts';

const dayMs = 24 * 60 * 60_000;

/** The user's regional format of dates and numbers, if it belongs to the language of the pages. */
function locale(wanted: readonly string[] = typeof navigator === 'undefined' ? [] : navigator.languages): string {
  return wanted.find((tag) => tag.split('-')[0] === text.locale) ?? text.locale;
}

/** `1:02:03` or `4:05`, for a position or a duration. */
export function formatClock(totalMs: number): string {
  const seconds = Math.max(0, Math.floor(totalMs / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}

/**
 * `today at 14:00`, `tomorrow at 09:15`, `Mon 3 Nov, 10:00`, in the time zone of the profile. The zone is named where its clock
 * differs from the browser's: `today at 14:00 GMT+1`.
 */
export function formatDateTime(iso: string, now: Date = new Date(serverClock.nowMs())): string {
  const date = new Date(iso);
  const zone = timeZone.value;
  const time = formatTime(date);
  const days = dayOf(date, zone) - dayOf(now, zone);
  if (days === 0) return text.time.today(time);
  if (days === 1) return text.time.tomorrow(time);
  if (days === -1) return text.time.yesterday(time);
  return `${formatDay(date, now)}, ${time}`;
}

/** `14:00`, or `14:00 GMT+1`. */
export function formatTime(date: Date): string {
  const zone = timeZone.value;
  const isElsewhere = zoneOffsetMs(date.getTime(), zone) !== zoneOffsetMs(date.getTime(), browserZone);
  return date.toLocaleTimeString(locale(), { timeZone: zone, hour: 'numeric', minute: '2-digit', ...(isElsewhere && { timeZoneName: 'short' }) });
}

/** `Mon 3 Nov`, with the year if it is another one. */
function formatDay(date: Date, now: Date): string {
  const zone = timeZone.value;
  const [year, thisYear] = [date, now].map((each) => new Date(wallClockMs(each.getTime(), zone)).getUTCFullYear());
  return date.toLocaleDateString(locale(), {
    timeZone: zone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    ...(year === thisYear ? {} : { year: 'numeric' }),
  });
}

/** The parts of a moment or of a date that are wanted, in the user's regional format. */
export function formatMoment(at: string | number, options: Intl.DateTimeFormatOptions): string {
  return new Date(at).toLocaleString(locale(), options);
}

/** The user's regional format: `en-GB`. */
export function regionalLocale(): string {
  return locale();
}

/** `1 Apr – 15 Jul 2026`, of dates without a time. */
export function formatDays(from: string, to: string): string {
  const [first, last] = [new Date(`${from}T12:00:00Z`), new Date(`${to}T12:00:00Z`)];
  return new Intl.DateTimeFormat(locale(), { timeZone: 'UTC', day: 'numeric', month: 'short', year: 'numeric' }).formatRange(first, last);
}

/** `German`, of a BCP 47 tag. */
export function languageName(tag: string): string {
  return new Intl.DisplayNames([locale()], { type: 'language' }).of(tag) ?? tag;
}

/** `2.4 Mbit/s`, `160 kbit/s`. */
export function formatBitrate(bitrateBps: number): string {
  const mega = bitrateBps / 1_000_000;
  if (mega >= 1) return `${mega.toLocaleString(locale(), { maximumFractionDigits: 1 })} Mbit/s`;
  return `${Math.round(bitrateBps / 1000).toLocaleString(locale())} kbit/s`;
}

/** `850 kB`, `2.4 MB`, `1.2 GB`. */
export function formatBytes(bytes: number): string {
  const [size, unit] = bytes >= 1e9 ? [bytes / 1e9, 'GB'] : bytes >= 1e6 ? [bytes / 1e6, 'MB'] : [Math.ceil(bytes / 1e3), 'kB'];
  return `${formatNumber(size)} ${unit}`;
}

export function formatNumber(value: number, maximumFractionDigits = 1): string {
  return value.toLocaleString(locale(), { maximumFractionDigits });
}

/** Words joined as the language joins a short list. */
export function formatList(words: readonly string[]): string {
  return new Intl.ListFormat(regionalLocale(), { style: 'short', type: 'unit' }).format(words);
}

/** `7%`, of a share where 1 is the whole. */
export function formatPercent(share: number): string {
  return share.toLocaleString(locale(), { style: 'percent' });
}

/** The value of a `datetime-local` input, in the time zone of the profile. */
export function toLocalInput(date: Date): string {
  return new Date(wallClockMs(date.getTime(), timeZone.value)).toISOString().slice(0, 16);
}

/** The time of a `datetime-local` input as ISO 8601 in UTC; null if the input is empty or invalid. */
export function fromLocalInput(value: string): string | null {
  const wallMs = Date.parse(`${value}Z`);
  return Number.isNaN(wallMs) ? null : new Date(timeOfWallClock(wallMs, timeZone.value)).toISOString();
}

/** The number of the day on the calendar of a zone. */
function dayOf(date: Date, zone: string): number {
  return Math.floor(wallClockMs(date.getTime(), zone) / dayMs);
}
