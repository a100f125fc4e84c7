import { DateTime, IANAZone } from 'luxon';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** A moment that was given as a local time. */
export interface LocalMoment {
  atMs: number;
  /** What daylight saving did to the time: it does not exist on this date, or it exists twice. */
  clockChange: 'skipped' | 'repeated' | null;
}

/**
 * The moment of a local date (`YYYY-MM-DD`) and time (`HH:mm`) in an IANA time zone, by the rule of RFC 5545 §3.3.5: a time that
 * exists twice is the first one; a time that does not exist is read with the offset before the gap, so it is later by the gap.
 */
export function momentOf(date: string, time: string, timeZone: string): LocalMoment {
  const zone = IANAZone.create(timeZone);
  const localMs = Date.parse(`${date}T${time}:00.000Z`);
  const offsetMs = (atMs: number) => zone.offset(atMs) * minuteMs;
  // No zone changes its offset twice within two days.
  const [before, after] = [offsetMs(localMs - dayMs), offsetMs(localMs + dayMs)];
  const [early, late] = [localMs - before, localMs - after];
  const [isEarly, isLate] = [offsetMs(early) === before, offsetMs(late) === after];
  if (isEarly) return { atMs: early, clockChange: isLate && early !== late ? 'repeated' : null };
  return isLate ? { atMs: late, clockChange: null } : { atMs: early, clockChange: 'skipped' };
}

/** The local date of a moment, `YYYY-MM-DD`. */
export function localDate(atMs: number, timeZone: string): string {
  return DateTime.fromMillis(atMs, { zone: timeZone }).toFormat('yyyy-MM-dd');
}

/** `Tue 1 Dec 2026, 10:00 (Europe/Madrid)`, for a sentence. */
export function describeMoment(atMs: number, timeZone: string): string {
  return `${DateTime.fromMillis(atMs, { zone: timeZone, locale: 'en-GB' }).toFormat('ccc d LLL yyyy, HH:mm')} (${timeZone})`;
}

/** The zone of a course, or UTC for one without a zone that this server knows. */
export function timeZoneOf(course: { _id: string; timeZone?: string | null }): string {
  return course.timeZone != null && IANAZone.isValidZone(course.timeZone) ? course.timeZone : 'UTC';
}
