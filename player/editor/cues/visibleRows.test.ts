import { expect, it } from 'vitest';
import { visibleRows } from './visibleRows.ts';

it('shows the rows of a long list that are in sight, and some around them', () => {
  const list = { count: 2000, rowPx: 100, heightPx: 600 };
  expect(visibleRows({ ...list, scrollPx: 0 })).toEqual({ first: 0, end: 14 });
  expect(visibleRows({ ...list, scrollPx: 100_050 })).toEqual({ first: 992, end: 1015 });
  expect(visibleRows({ ...list, scrollPx: 199_400 })).toEqual({ first: 1986, end: 2000 });
  expect(visibleRows({ ...list, count: 0, scrollPx: 0 })).toEqual({ first: 0, end: 0 });
});
