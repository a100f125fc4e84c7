import { describe, expect, it } from 'vitest';
import { requestedRange } from './requestedRange.ts';

describe('A requested range', () => {
  it.each([
    ['bytes=0-0', { first: 0, last: 0 }],
    ['bytes=2-5', { first: 2, last: 5 }],
    ['bytes=7-', { first: 7, last: 9 }],
    ['bytes=7-100', { first: 7, last: 9 }],
    ['bytes=-3', { first: 7, last: 9 }],
    ['bytes=-30', { first: 0, last: 9 }],
  ])('%s is a range', (header, range) => {
    expect(requestedRange(header, 10)).toEqual(range);
  });

  it.each(['bytes=10-', 'bytes=10-12', 'bytes=-0', 'bytes=999999999999999-'])('%s cannot be satisfied', (header) => {
    expect(requestedRange(header, 10)).toBe('unsatisfiable');
  });

  it.each([undefined, '', 'bytes=', 'bytes=-', 'bytes=5-2', 'bytes=a-b', 'bytes=0-1,3-4', 'lines=1-2', 'bytes=99999999999999999999-'])('%s means the whole file', (header) => {
    expect(requestedRange(header, 10)).toBeUndefined();
  });
});
