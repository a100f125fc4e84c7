import { describe, expect, it } from 'vitest';
import { rovingIndex } from './rovingIndex.ts';
import { allOf, extendedTo, kept, maxSelected, nothingSelected, toggled } from './selection.ts';

const shown = ['a', 'b', 'c', 'd', 'e'];

describe('a selection', () => {
  it('toggles rows and extends to ranges in both directions', () => {
    const one = toggled(nothingSelected, 'c');
    expect([...extendedTo(one, 'e', shown).ids]).toEqual(['c', 'd', 'e']);
    expect([...extendedTo(one, 'a', shown).ids]).toEqual(['c', 'a', 'b']);
    expect([...toggled(one, 'c').ids]).toEqual([]);
  });

  it('selects one row when its anchor is not shown any more', () => {
    const gone = { ids: new Set(['x']), anchor: 'x' };
    expect([...extendedTo(gone, 'b', shown).ids]).toEqual(['x', 'b']);
  });

  it('has at most as many rows as one action takes', () => {
    const many = Array.from({ length: 150 }, (_, index) => `v${index}`);
    const all = allOf(many);
    expect(all.ids.size).toBe(maxSelected);
    expect(toggled(all, 'v149').ids.size).toBe(maxSelected);
    expect(toggled(all, 'v0').ids.size).toBe(maxSelected - 1);
  });

  it('forgets rows that have left the list', () => {
    const two = toggled(toggled(nothingSelected, 'a'), 'c');
    expect(kept(two, shown)).toEqual(two);
    expect(kept(two, ['a', 'b'])).toEqual({ ids: new Set(['a']), anchor: undefined });
  });
});

describe('the focus in a grid', () => {
  const at = (index: number, key: string, columns = 3) => rovingIndex(key, { index, count: 8, columns });

  it('moves by arrows, Home and End, and stays inside', () => {
    expect([at(0, 'ArrowRight'), at(0, 'ArrowLeft'), at(7, 'ArrowRight'), at(4, 'Home'), at(4, 'End')]).toEqual([1, undefined, undefined, 0, 7]);
    expect([at(1, 'ArrowDown'), at(5, 'ArrowDown'), at(6, 'ArrowDown'), at(1, 'ArrowUp'), at(7, 'ArrowUp')]).toEqual([4, 7, undefined, undefined, 4]);
    expect(at(3, 'a')).toBeUndefined();
  });

  it('moves line by line in a list', () => {
    expect([at(2, 'ArrowDown', 1), at(2, 'ArrowUp', 1), at(7, 'ArrowDown', 1)]).toEqual([3, 1, undefined]);
  });
});
