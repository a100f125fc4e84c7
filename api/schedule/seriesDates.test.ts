import { describe, expect, it } from 'vitest';
import { maxSeriesLectures } from '../contract/index.ts';
import { dayBefore, pairDates, seriesDates } from './seriesDates.ts';

const rule = { weekdays: [2, 4], firstDate: '2026-10-20', untilDate: null, count: null };

describe('the dates of a series', () => {
  it('are its weekdays until its end, the first and the last date included', () => {
    expect(seriesDates({ ...rule, untilDate: '2026-10-29' })).toEqual(['2026-10-20', '2026-10-22', '2026-10-27', '2026-10-29']);
  });

  it('are as many as wanted, over the end of a year', () => {
    expect(seriesDates({ ...rule, weekdays: [3], firstDate: '2026-12-24', count: 3 })).toEqual(['2026-12-30', '2027-01-06', '2027-01-13']);
  });

  it.each([
    [{}, 'Say when the series ends'],
    [{ untilDate: '2026-10-19' }, 'no date'],
    [{ untilDate: '2029-01-01' }, 'two years at most'],
    [{ weekdays: [1, 2, 3, 4, 5], untilDate: '2028-06-01' }, `at most ${maxSeriesLectures}`],
    [{ weekdays: [1], count: maxSeriesLectures }, 'two years at most'],
  ])('are refused for %o', (change, sentence) => {
    expect(() => seriesDates({ ...rule, ...change })).toThrow(sentence);
  });
});

describe('dates that replace others', () => {
  it('are the same ones, or those of the same week', () => {
    expect([...pairDates(['2026-10-20', '2026-10-22', '2026-10-27'], ['2026-10-21', '2026-10-22', '2026-10-28', '2026-10-29'])]).toEqual([
      ['2026-10-22', '2026-10-22'],
      ['2026-10-20', '2026-10-21'],
      ['2026-10-27', '2026-10-28'],
    ]);
  });

  it('are missing where a week has fewer of them, and are never of another week', () => {
    expect([...pairDates(['2026-10-20', '2026-10-22', '2027-01-01'], ['2026-10-19', '2027-01-04'])]).toEqual([['2026-10-20', '2026-10-19']]);
    expect([...pairDates(['2026-12-29'], ['2027-01-01'])]).toEqual([['2026-12-29', '2027-01-01']]);
  });
});

it('the day before the first of a month is the last of the month before', () => {
  expect(dayBefore('2028-03-01')).toBe('2028-02-29');
});
