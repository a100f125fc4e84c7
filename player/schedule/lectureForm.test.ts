import { describe, expect, it } from 'vitest';
import type { LectureView, Series } from '#api/contract';
import { lectureForm, seriesFormOf, startOf, withSeries } from './lectureForm.ts';

const timeZone = 'America/New_York';
const nowMs = Date.parse('2026-11-30T15:20:00Z');
const series: Series = { id: 'ser_00000000000000000000', title: 'Optics', weekdays: [2], startTime: '10:00', firstDate: '2026-10-20', untilDate: '2026-12-15', count: null, durationMinutes: 90, isRecorded: false, skippedDates: ['2026-11-24'] };

describe('the form of a lecture', () => {
  it('begins with the next hour, in the time zone of the course', () => {
    const form = lectureForm({ lecture: undefined, series: undefined, timeZone, nowMs });
    expect(form).toMatchObject({ when: '2026-11-30T11:00', weekdays: [1], startTime: '11:00', repeats: 'once' });
    expect(startOf(form, timeZone)).toBe('2026-11-30T16:00:00.000Z');
    expect(startOf({ ...form, when: '' }, timeZone)).toBeNull();
  });

  it('has the time of a lecture as it is in the course', () => {
    const lecture = { title: 'Waves', scheduledAt: '2026-10-27T14:00:00.000Z', durationMinutes: null, isRecorded: true } as LectureView;
    expect(lectureForm({ lecture, series: undefined, timeZone, nowMs })).toMatchObject({ when: '2026-10-27T10:00', minutes: '' });
  });

  it('keeps the rule of a series', () => {
    const form = lectureForm({ lecture: undefined, series, timeZone, nowMs });
    const { id: _, ...rule } = series;
    expect(seriesFormOf(form)).toEqual(rule);
    expect(seriesFormOf({ ...form, ends: 'after', count: '4' })).toMatchObject({ untilDate: null, count: 4 });
  });

  it('of the following lectures counts from the first of them', () => {
    const counted = { ...series, untilDate: null, count: 9, skippedDates: ['2026-10-27', '2026-11-24'] };
    const form = withSeries(lectureForm({ lecture: undefined, series: undefined, timeZone, nowMs }), counted, '2026-11-10');
    expect(form).toMatchObject({ firstDate: '2026-11-10', ends: 'after', count: '6', skippedDates: ['2026-11-24'] });
  });

  it('is incomplete without days, a time, a duration or an end', () => {
    const form = lectureForm({ lecture: undefined, series, timeZone, nowMs });
    for (const change of [{ weekdays: [] }, { startTime: '' }, { minutes: '' }, { untilDate: '' }, { ends: 'after' as const, count: '' }]) expect(seriesFormOf({ ...form, ...change })).toBeUndefined();
  });
});
