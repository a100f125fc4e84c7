import { expect, it } from 'vitest';
import { changesOf, conflictsOf, rebased } from './videoForm.ts';
import type { VideoForm } from './videoForm.ts';

const base: VideoForm = { title: 'Waves', description: '', tags: ['optics'], categoryId: null, visibility: 'course', visibleFrom: null, isDownloadable: false };

it('sends only what was changed', () => {
  expect(changesOf(base, { ...base, tags: ['optics'] })).toEqual({});
  expect(changesOf(base, { ...base, title: 'Light', tags: ['optics', 'light'] })).toEqual({ title: 'Light', tags: ['optics', 'light'] });
});

it('shows what somebody else has changed, beside the own change of the same field', () => {
  const mine = { ...base, title: 'Mine', isDownloadable: true };
  const theirs = { ...base, title: 'Theirs', description: 'New', isDownloadable: true };
  expect(conflictsOf({ base, mine, theirs })).toEqual([
    { field: 'title', theirs: 'Theirs', mine: 'Mine' },
    { field: 'description', theirs: 'New', mine: undefined },
  ]);
});

it('keeps the own changes on top of the others', () => {
  const mine = { ...base, title: 'Mine' };
  const theirs = { ...base, title: 'Theirs', description: 'New', visibility: 'public' as const };
  expect(rebased({ base, mine, theirs })).toEqual({ ...base, title: 'Mine', description: 'New', visibility: 'public' });
});
