import { serverClock } from '../app/ServerClock.ts';
import { text } from './index.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** The user's regional format of dates and numbers, if it belongs to the language of the pages. */
const locale = localeOf(typeof navigator === 'undefined' ? [] : navigator.languages);

function localeOf(wanted: readonly string[]): string {
  return wanted.find((tag) => tag.startsWith(text.locale)) ?? text.locale;
}

/** `1:02:03` or `4:05`, for a position or a duration. */
export function formatClock(totalMs: number): string {
  const seconds = Math.max(0, Math.floor(totalMs / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}

/** `today at 14:00`, `tomorrow at 09:15`, `Mon 3 Nov, 10:00`. */
export function formatDateTime(iso: string, now: Date = new Date(serverClock.nowMs())): string {
  const date = new Date(iso);
  const time = date.toLocaleTimeString(locale, { hour: 'numeric', minute: '2-digit' });
  const days = Math.round((startOfDay(date) - startOfDay(now)) / dayMs);
  if (days === 0) return text.time.today(time);
  if (days === 1) return text.time.tomorrow(time);
  if (days === -1) return text.time.yesterday(time);
  const isThisYear = date.getFullYear() === now.getFullYear();
  const day = date.toLocaleDateString(locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    ...(isThisYear ? {} : { year: 'numeric' }),
  });
  return `${day}, ${time}`;
}

/** `14:00:05`, of a time in ms since 1970. */
export function formatTime(ms: number): string {
  return new Date(ms).toLocaleTimeString(locale, { hour: 'numeric', minute: '2-digit', second: '2-digit' });
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

/** `7%`, of a share where 1 is the whole. */
export function formatPercent(share: number): string {
  return share.toLocaleString(locale, { style: 'percent' });
}

/** The value of a `datetime-local` input, in the user's time zone. */
export function toLocalInput(date: Date): string {
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * minuteMs);
  return shifted.toISOString().slice(0, 16);
}

/** The time of a `datetime-local` input as ISO 8601 in UTC; null if the input is empty or invalid. */
export function fromLocalInput(value: string): string | null {
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
