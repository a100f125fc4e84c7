import { describe, expect, it } from 'vitest';
import { parseSelection } from './parseSelection.ts';
import type { Selection } from './parseSelection.ts';
import { ServedQueries } from './ServedQueries.ts';

const served = new ServedQueries({
  name: 'documents',
  indexes: [{ keys: { course: 1, position: -1 } }, { keys: { code: 1 }, unique: true, sparse: true }, { keys: { createdAt: -1 } }],
});
const check = (selection: Selection) => () => served.assertServed(parseSelection(selection));

describe('A filter', () => {
  it.each([
    { _id: 'a' },
    { _id: { $in: ['a', 'b'] } },
    { _id: { $gt: 'a' } },
    { course: 'c' },
    { course: null, position: 1 },
    { course: { $in: ['c', null] }, other: 1 },
    { other: { $ne: 1 }, course: { $gte: 'c' } },
    { code: 'x' },
    { code: { $exists: true } },
    { $or: [{ course: 'c', other: 1 }, { code: 'x' }] },
    { $and: [{ other: 1 }, { $or: [{ _id: 'a' }, { createdAt: 1 }] }] },
    {},
  ])('is served: %j', (filter) => {
    expect(check({ filter })).not.toThrow();
  });

  it.each([
    { other: 1 },
    { position: 1 },
    { course: { $ne: 'c' } },
    { course: { $nin: ['c'] } },
    { course: { $exists: true } },
    { course: { $regex: /^c/ } },
    { course: ['c'] },
    { code: null },
    { code: { $in: ['x', null] } },
    { code: { $exists: false } },
    { $or: [{ course: 'c' }, { other: 1 }] },
    { $and: [{ other: 1 }, { position: 2 }] },
  ])('is refused: %j', (filter) => {
    expect(check({ filter })).toThrow(/^documents: no declared index serves a filter on /);
  });
});

describe('The empty filter', () => {
  it.each([{ createdAt: -1 }, { createdAt: 1 }, { course: 1 }, { course: -1, position: 1 }, { _id: -1 }])('is served in the order of an index: %j', (sort) => {
    expect(check({ filter: {}, sort, limit: 10 })).not.toThrow();
  });

  it.each([{ other: 1 }, { position: 1 }, { course: 1, position: 1 }, { course: 1, other: 1 }, { createdAt: 1, _id: 1 }, { code: 1 }])('is refused in another order: %j', (sort) => {
    expect(check({ filter: {}, sort, limit: 10 })).toThrow(/^documents: no declared index has the order /);
  });
});
