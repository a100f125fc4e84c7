import { expect, it } from 'vitest';
import { hasFilters, hasOwnOrder, queryOf, viewKeys } from './libraryView.ts';
import type { LibraryView } from './libraryView.ts';

const nothing = Object.fromEntries(viewKeys.map((key) => [key, ''])) as LibraryView;
const course = `crs_${'1'.repeat(20)}`;

it('asks for what was chosen, and leaves out what is no choice', () => {
  const chosen: LibraryView = { ...nothing, search: ' waves ', course, state: 'failed', source: 'upload', visibility: 'public', tag: 'optics', category: `cat_${'2'.repeat(20)}`, sort: 'largest' };
  expect(queryOf(chosen, undefined)).toEqual({
    search: 'waves', courseId: course, state: 'failed', source: 'upload', visibility: 'public', tag: 'optics', categoryId: `cat_${'2'.repeat(20)}`, sort: 'largest',
  });
  expect(queryOf({ ...nothing, course: 'x', state: 'gone', source: 'dvd', visibility: 'secret', category: '..', sort: 'loudest' }, undefined)).toEqual({ sort: 'newest' });
});

it('is in the order of the course on the page of a course, and only there', () => {
  expect(queryOf(nothing, course)).toEqual({ courseId: course, sort: 'order' });
  expect(queryOf({ ...nothing, sort: 'order' }, undefined)).toEqual({ sort: 'newest' });
});

it('is not filtered by the course that the page is about', () => {
  expect(hasFilters({ ...nothing, course }, course)).toBe(false);
  expect(hasFilters({ ...nothing, course }, undefined)).toBe(true);
  expect(hasFilters({ ...nothing, sort: 'title' }, undefined)).toBe(false);
});

it('has an order of its own while all videos of one course are shown in it', () => {
  expect(hasOwnOrder(nothing, course)).toBe(true);
  expect(hasOwnOrder({ ...nothing, search: 'waves' }, course)).toBe(false);
  expect(hasOwnOrder({ ...nothing, sort: 'title' }, course)).toBe(false);
  expect(hasOwnOrder(nothing, undefined)).toBe(false);
});
