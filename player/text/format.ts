import { text } from './index.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** The reader's own way to write dates and numbers, where it is one of the language of the pages. */
const locale = localeOf(typeof navigator === 'undefined' ? [] : navigator.languages);

function localeOf(wanted: readonly string[]): string {
  return wanted.find((tag) => tag.startsWith(text.locale)) ?? text.locale;
}

/** `1:02:03` or `4:05`: a position or a length. */
export function formatClock(totalMs: number): string {
  const seconds = Math.max(0, Math.floor(totalMs / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}

/** `today at 14:00`, `tomorrow at 09:15`, `Mon 3 Nov, 10:00`. */
export function formatMoment(iso: string, now: Date = new Date()): string {
  const moment = new Date(iso);
  const time = moment.toLocaleTimeString(locale, { hour: 'numeric', minute: '2-digit' });
  const days = Math.round((startOfDay(moment) - startOfDay(now)) / dayMs);
  if (days === 0) return text.time.today(time);
  if (days === 1) return text.time.tomorrow(time);
  if (days === -1) return text.time.yesterday(time);
  const isThisYear = moment.getFullYear() === now.getFullYear();
  const day = moment.toLocaleDateString(locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    ...(isThisYear ? {} : { year: 'numeric' }),
  });
  return `${day}, ${time}`;
}

/** `2.4 Mbit/s`, `160 kbit/s`. */
export function formatBitrate(bitrateBps: number): string {
  const mega = bitrateBps / 1_000_000;
  if (mega >= 1) return `${mega.toLocaleString(locale, { maximumFractionDigits: 1 })} Mbit/s`;
  return `${Math.round(bitrateBps / 1000).toLocaleString(locale)} kbit/s`;
}

/** `850 kB`, `2.4 MB`, `1.2 GB`. */
export function formatBytes(bytes: number): string {
  const [size, unit] = bytes >= 1e9 ? [bytes / 1e9, 'GB'] : bytes >= 1e6 ? [bytes / 1e6, 'MB'] : [Math.ceil(bytes / 1e3), 'kB'];
  return `${formatNumber(size)} ${unit}`;
}

export function formatNumber(value: number, maximumFractionDigits = 1): string {
  return value.toLocaleString(locale, { maximumFractionDigits });
}

/** The value of a `datetime-local` input for a moment, in the reader's own time zone. */
export function toLocalInput(moment: Date): string {
  const shifted = new Date(moment.getTime() - moment.getTimezoneOffset() * minuteMs);
  return shifted.toISOString().slice(0, 16);
}

/** The moment that a `datetime-local` input says, in UTC; null when it says none. */
export function fromLocalInput(value: string): string | null {
  const moment = new Date(value);
  return Number.isNaN(moment.getTime()) ? null : moment.toISOString();
}

function startOfDay(moment: Date): number {
  return new Date(moment.getFullYear(), moment.getMonth(), moment.getDate()).getTime();
}
