import { DateTime } from 'luxon';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localDate, momentOf, timeZoneOf } from './localTime.ts';

const utc = (date: string, time: string, zone: string) => new Date(momentOf(date, time, zone).atMs).toISOString().slice(0, 16);

describe('a local time', () => {
  it.each([
    ['2026-10-20', 'Europe/Madrid', '2026-10-20T08:00'],
    ['2026-10-27', 'Europe/Madrid', '2026-10-27T09:00'],
    ['2026-10-27', 'America/New_York', '2026-10-27T14:00'],
    ['2026-11-03', 'America/New_York', '2026-11-03T15:00'],
    ['2026-11-03', 'Asia/Kathmandu', '2026-11-03T04:15'],
  ])('10:00 on %s in %s is %s UTC', (date, zone, expected) => {
    expect(utc(date, '10:00', zone)).toBe(expected);
  });

  it('that does not exist is later by the gap', () => {
    expect(momentOf('2026-03-29', '02:30', 'Europe/Madrid')).toEqual({ atMs: Date.parse('2026-03-29T01:30Z'), clockChange: 'skipped' });
    expect(momentOf('2026-03-29', '03:00', 'Europe/Madrid')).toEqual({ atMs: Date.parse('2026-03-29T01:00Z'), clockChange: null });
    expect(momentOf('2026-10-04', '02:15', 'Australia/Lord_Howe')).toEqual({ atMs: Date.parse('2026-10-03T15:45Z'), clockChange: 'skipped' });
  });

  it('that exists twice is the first one', () => {
    expect(momentOf('2026-11-01', '01:30', 'America/New_York')).toEqual({ atMs: Date.parse('2026-11-01T05:30Z'), clockChange: 'repeated' });
    expect(momentOf('2026-10-25', '02:00', 'Europe/Madrid')).toEqual({ atMs: Date.parse('2026-10-25T00:00Z'), clockChange: 'repeated' });
  });

  it('reads back as the same local time, in every zone and on every date', () => {
    const zones = fc.constantFrom('Europe/Madrid', 'America/New_York', 'Africa/Casablanca', 'Asia/Tehran', 'Pacific/Apia', 'America/Sao_Paulo', 'UTC');
    const days = fc.integer({ min: 0, max: 20 * 365 }).map((day) => new Date(Date.UTC(2012, 0, 1 + day)).toISOString().slice(0, 10));
    fc.assert(
      fc.property(zones, days, fc.integer({ min: 0, max: 24 * 60 - 1 }), (zone, date, minutes) => {
        const time = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
        const { atMs, clockChange } = momentOf(date, time, zone);
        const read = DateTime.fromMillis(atMs, { zone }).toFormat('yyyy-MM-dd HH:mm');
        if (clockChange === 'skipped') return read > `${date} ${time}`;
        return read === `${date} ${time}` && localDate(atMs, zone) === date;
      }),
    );
  });
});

it('a course without a zone that exists is in UTC', () => {
  const course = { _id: 'crs_1' };
  expect([timeZoneOf(course), timeZoneOf({ ...course, timeZone: null }), timeZoneOf({ ...course, timeZone: 'Mars/Base' }), timeZoneOf({ ...course, timeZone: 'Asia/Tokyo' })]).toEqual(['UTC', 'UTC', 'UTC', 'Asia/Tokyo']);
});
