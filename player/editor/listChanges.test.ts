import { expect, it } from 'vitest';
import { listChanges } from './listChanges.ts';

it('names what was added, changed and removed at each moment', () => {
  const before = new Map([[0, 'Introduction'], [5000, 'Waves'], [9000, 'End']]);
  const now = new Map([[7000, 'Lenses'], [0, 'Introduction'], [5000, 'Light waves']]);
  expect(listChanges(before, now)).toEqual([
    { atMs: 5000, before: 'Waves', now: 'Light waves' },
    { atMs: 7000, before: null, now: 'Lenses' },
    { atMs: 9000, before: 'End', now: null },
  ]);
});
