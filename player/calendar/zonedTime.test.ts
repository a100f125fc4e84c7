import { describe, expect, it } from 'vitest';
import { addDays, addMonths, localOf, momentOf, startOfWeek, weekdayOf, weeksOfMonth } from './zonedTime.ts';

const utc = (date: string, time: string, zone: string) => new Date(momentOf(date, time, zone) ?? NaN).toISOString();

describe('a time in a zone', () => {
  it('is the same on both sides of daylight saving', () => {
    expect(utc('2026-10-24', '10:00', 'Europe/Madrid')).toBe('2026-10-24T08:00:00.000Z');
    expect(utc('2026-10-26', '10:00', 'Europe/Madrid')).toBe('2026-10-26T09:00:00.000Z');
    expect(utc('2026-03-29', '02:30', 'Europe/Madrid')).toBe('2026-03-29T01:30:00.000Z');
    expect(utc('2026-11-01', '01:30', 'America/New_York')).toBe('2026-11-01T05:30:00.000Z');
    expect(momentOf('2026-11-0', '10:00', 'UTC')).toBeUndefined();
  });

  it('reads back as it was given', () => {
    for (const zone of ['Europe/Madrid', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia']) {
      expect(localOf(momentOf('2026-12-31', '23:45', zone) ?? 0, zone)).toEqual({ date: '2026-12-31', time: '23:45' });
      expect(localOf(momentOf('2026-06-01', '00:00', zone) ?? 0, zone)).toEqual({ date: '2026-06-01', time: '00:00' });
    }
  });
});

describe('the days of a calendar', () => {
  it('are counted over the ends of months and years', () => {
    expect([addDays('2028-02-28', 1), addDays('2027-01-01', -1), addMonths('2026-12-15', 1), addMonths('2026-01-31', -1)]).toEqual(['2028-02-29', '2026-12-31', '2027-01-01', '2025-12-01']);
    expect([weekdayOf('2026-11-30'), weekdayOf('2026-11-29')]).toEqual([1, 7]);
    expect([startOfWeek('2026-11-29', 1), startOfWeek('2026-11-29', 7)]).toEqual(['2026-11-23', '2026-11-29']);
  });

  it('of a month are in whole weeks, from Monday or from Sunday', () => {
    const november = weeksOfMonth('2026-11-15', 1);
    expect([november.length, november[0]?.[0], november.at(-1)?.at(-1)]).toEqual([6, '2026-10-26', '2026-12-06']);
    expect(weeksOfMonth('2026-02-01', 7).map((week) => week[0])).toEqual(['2026-02-01', '2026-02-08', '2026-02-15', '2026-02-22']);
    for (const week of november) expect(week).toHaveLength(7);
  });
});
