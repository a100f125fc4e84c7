import { CourseState } from '#engine/contract';

/** What a person has chosen to see in the list of courses, as it is kept in the address. Empty means not chosen. */
export const viewKeys = ['view', 'search', 'state', 'as', 'categoryId', 'tag', 'order'] as const;
export type CourseView = Record<(typeof viewKeys)[number], string>;

type Filter = 'search' | 'state' | 'as' | 'categoryId' | 'tag';

export function hasFilters(view: Pick<CourseView, Filter>): boolean {
  return [view.search.trim(), view.state, view.as, view.categoryId, view.tag].some((value) => value !== '');
}

const orders = ['activity', 'newest', 'title'] as const;
const sides = ['teacher', 'student'] as const;

/** The query of the list. What an address contains that is no choice is left out. */
export function queryOf({ search, state, as, categoryId, tag, order }: Pick<CourseView, Filter | 'order'>) {
  const chosenState = CourseState.options.find((one) => one === state);
  const side = sides.find((one) => one === as);
  const chosenOrder = orders.find((one) => one === order);
  return {
    ...(search.trim() === '' ? {} : { search: search.trim() }),
    ...(chosenState ? { state: chosenState } : {}),
    ...(side ? { as: side } : {}),
    ...(/^cat_[0-9a-z]{20}$/.test(categoryId) ? { categoryId } : {}),
    ...(tag === '' ? {} : { tag }),
    ...(chosenOrder ? { order: chosenOrder } : {}),
  };
}
