import { describe, expect, it } from 'vitest';
import type { LectureView } from '#api/contract';
import { byDay, dayAfterKey, daysShown, spanOf, stepFrom } from './calendarState.ts';

describe('the calendar', () => {
  it('shows a month in whole weeks, a week, or two months of an agenda', () => {
    expect(daysShown('month', '2026-11-15', 1)).toEqual({ first: '2026-10-26', before: '2026-12-07' });
    expect(daysShown('week', '2026-11-15', 7)).toEqual({ first: '2026-11-15', before: '2026-11-22' });
    expect(daysShown('agenda', '2026-11-15', 1)).toEqual({ first: '2026-11-15', before: '2027-01-14' });
  });

  it('steps by what it shows', () => {
    expect([stepFrom('month', '2026-01-31', 1), stepFrom('week', '2026-01-01', -1), stepFrom('agenda', '2026-01-01', 1)]).toEqual(['2026-02-01', '2025-12-25', '2026-03-02']);
  });

  it('asks for the days of the viewer, which are of 23 or 25 hours when the clocks change', () => {
    expect(spanOf({ first: '2026-10-25', before: '2026-10-26' }, 'Europe/Madrid')).toEqual({ from: '2026-10-24T22:00:00.000Z', before: '2026-10-25T23:00:00.000Z' });
  });

  it('puts a lecture on the day on which it begins for the viewer', () => {
    const lecture = { scheduledAt: '2026-11-30T23:30:00.000Z' } as LectureView;
    expect([...byDay([lecture], 'Europe/Madrid').keys()]).toEqual(['2026-12-01']);
    expect([...byDay([lecture, { scheduledAt: null } as LectureView], 'America/New_York').keys()]).toEqual(['2026-11-30']);
  });

  it('moves the chosen day by the arrow keys, and by months to a day that exists', () => {
    const keys = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Enter'];
    expect(keys.map((key) => dayAfterKey('2026-01-31', key))).toEqual(['2026-01-30', '2026-02-01', '2026-01-24', '2026-02-07', '2025-12-31', '2026-02-28', undefined]);
    expect(dayAfterKey('2026-01-31', 'ArrowLeft', true)).toBe('2026-02-01');
  });
});
