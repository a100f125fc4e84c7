import { VideoSource, VideoState, VideoVisibility } from '#recorder/contract';

/** What a person has chosen to see in the library, as it is kept in the address. Empty means not chosen. */
export const viewKeys = ['view', 'search', 'course', 'state', 'source', 'visibility', 'tag', 'category', 'sort'] as const;
export type LibraryView = Record<(typeof viewKeys)[number], string>;

export const librarySorts = ['newest', 'title', 'longest', 'largest', 'order'] as const;
export type LibrarySort = (typeof librarySorts)[number];

const filterKeys = ['search', 'course', 'state', 'source', 'visibility', 'tag', 'category'] as const;
export const noFilters = Object.fromEntries(filterKeys.map((key) => [key, ''])) as Record<(typeof filterKeys)[number], string>;

/** Something narrows the list down. `course` does not count where the page is about one course. */
export function hasFilters(view: LibraryView, courseId: string | undefined): boolean {
  return filterKeys.some((key) => (key !== 'course' || courseId === undefined) && view[key].trim() !== '');
}

/** All videos of one course are listed in their order: it can be changed. */
export function hasOwnOrder(view: LibraryView, courseId: string | undefined): boolean {
  return courseId !== undefined && sortOf(view, courseId) === 'order' && !hasFilters(view, courseId);
}

/** The query of the list. What an address contains that is no choice is left out. */
export function queryOf(view: LibraryView, courseId: string | undefined) {
  const state = VideoState.safeParse(view.state).data;
  const source = VideoSource.safeParse(view.source).data;
  const visibility = VideoVisibility.safeParse(view.visibility).data;
  const course = courseId ?? (/^crs_[0-9a-z]{20}$/.test(view.course) ? view.course : undefined);
  const sort = sortOf(view, courseId);
  return {
    ...(view.search.trim() === '' ? {} : { search: view.search.trim() }),
    ...(course === undefined ? {} : { courseId: course }),
    ...(state ? { state } : {}),
    ...(source ? { source } : {}),
    ...(visibility ? { visibility } : {}),
    ...(view.tag === '' ? {} : { tag: view.tag }),
    ...(/^cat_[0-9a-z]{20}$/.test(view.category) ? { categoryId: view.category } : {}),
    sort,
  };
}

/** Videos have an order in one course only. */
export function sortOf({ sort }: Pick<LibraryView, 'sort'>, courseId: string | undefined): LibrarySort {
  const chosen = librarySorts.find((one) => one === sort);
  if (courseId === undefined) return chosen === undefined || chosen === 'order' ? 'newest' : chosen;
  return chosen ?? 'order';
}
