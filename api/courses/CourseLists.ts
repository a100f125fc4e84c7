import type { CourseId, CourseRole, CourseState } from '#engine/contract';
import type { Caller } from '../access/index.ts';
import { pageOfRows } from '../paging/index.ts';
import type { Page } from '../paging/index.ts';
import { maxFoundCourses } from '../limits.ts';
import type { Categories } from './Categories.ts';
import type { CourseRow, Listing } from './courseRow.ts';
import type { Courses } from './Courses.ts';
import { wordsOf } from './CourseSearch.ts';
import type { CourseSearch, FoundCourses } from './CourseSearch.ts';
import { courseOrders } from './CourseStore.ts';
import type { CourseOrder, CourseStore } from './CourseStore.ts';
import { matchesWords, searchWords } from './searchWords.ts';

export interface CourseListsOptions {
  courses: Courses;
  store: CourseStore;
  search: CourseSearch;
  categories: Categories;
}

export interface CourseQuery {
  search?: string | undefined;
  categoryId?: string | undefined;
  tag?: string | undefined;
  state?: CourseState | undefined;
  cursor?: string | undefined;
  limit: number;
}

export interface OwnCourse {
  course: CourseRow;
  role: CourseRole;
}

type PlaceOf = (course: CourseRow) => string;

const listingsOf = { draft: ['draft'], published: ['listed', 'unlisted'], archived: ['archived'] } as const satisfies Record<CourseState, Listing[]>;
const allListings: readonly Listing[] = Object.values(listingsOf).flat();

/** The lists of courses: one's own, those of the whole site, and the trash. */
export class CourseLists {
  readonly #options: CourseListsOptions;
  #upgraded: Promise<void> | undefined;

  constructor(options: CourseListsOptions) {
    this.#options = options;
  }

  /** Those of the caller's courses that match: the courses of one person are few, and read whole. */
  async own(caller: Caller, { search, categoryId, tag, state, as }: Omit<CourseQuery, 'cursor' | 'limit'> & { as?: 'teacher' | 'student' | undefined }): Promise<OwnCourse[]> {
    const mine = (await this.#options.courses.ofUser(caller)).filter(
      ({ course, role }) =>
        (state === undefined || course.state === state) &&
        (as === undefined || (role === 'student') === (as === 'student')) &&
        (categoryId === undefined || course.categoryId === categoryId) &&
        (tag === undefined || course.tags.includes(tag)),
    );
    if (!search) return mine;
    const isFound = await this.#matcher(mine.map(({ course }) => course), searchWords(search));
    return mine.filter(({ course }) => isFound(course));
  }

  /** A page of the caller's courses in an order. `placeOf` orders by what happens in them. */
  ownPage(mine: readonly OwnCourse[], { order, placeOf, cursor, limit }: { order: CourseOrder | 'activity'; placeOf: PlaceOf; cursor?: string | undefined; limit: number }): Page<OwnCourse & { _id: string }> {
    const rows = mine.map((own) => ({ ...own, _id: own.course._id, createdAt: own.course.createdAt, titleKey: own.course.titleKey, place: placeOf(own.course) }));
    const by = order === 'activity' ? ({ sortBy: 'place', direction: 1 } as const) : courseOrders[order];
    return pageOfRows(rows, { list: `courses.own.${order}`, ...by, cursor, limit });
  }

  /** A page of the courses that anyone can enrol in; for an administrator, of all courses. */
  async catalogue({ roles }: Pick<Caller, 'roles'>, query: CourseQuery & { order: CourseOrder }): Promise<Page<CourseRow> & { isCut: boolean }> {
    const { store } = this.#options;
    const { search, categoryId, tag, state, order, cursor, limit } = query;
    await this.#upgrade();
    const listings = listingsFor(roles.includes('admin'), state);
    if (!search && tag === undefined) return { ...(await store.list({ listings, categoryId, order, cursor, limit })), isCut: false };
    const { rows, isCut } = await this.#found(searchWords(search ?? ''), tag);
    const matching = rows.filter((row) => listings.includes(row.listing) && (categoryId === undefined || row.categoryId === categoryId));
    const list = ['courses.found', order, ...listings, categoryId ?? '', tag ?? '', search ?? ''].join(' ');
    return { ...pageOfRows(matching, { list, ...courseOrders[order], cursor, limit }), isCut };
  }

  /** A page of the trash: the caller's own courses, or for an administrator all of them. */
  async deleted({ userId, roles }: Pick<Caller, 'userId' | 'roles'>, { cursor, limit }: Pick<CourseQuery, 'cursor' | 'limit'>): Promise<Page<CourseRow>> {
    const ownerId = roles.includes('admin') ? undefined : userId;
    await this.#upgrade();
    return this.#options.store.list({ listings: ['deleted'], ownerId, order: 'newest', cursor, limit });
  }

  /** Once in each process, until it succeeds: courses of older versions appear in the lists. */
  async #upgrade(): Promise<void> {
    const { store, courses } = this.#options;
    this.#upgraded ??= store.upgrade((row) => courses.makeFindable(row));
    try {
      await this.#upgraded;
    } catch (err) {
      this.#upgraded = undefined;
      throw err;
    }
  }

  /**
   * The courses with all these words. The words that few courses have narrow the others down: those of the rest are compared here.
   */
  async #found(words: readonly string[], tag: string | undefined): Promise<{ rows: CourseRow[]; isCut: boolean }> {
    const { store, search } = this.#options;
    const found = await Promise.all([...words.map((word) => this.#withWord(word)), ...(tag === undefined ? [] : [search.withTag(tag)])]);
    const whole = found.filter(({ isCut }) => !isCut);
    const [first, ...others] = whole.length > 0 ? whole : found.slice(0, 1);
    if (!first) return { rows: [], isCut: false };
    const courseIds = [...first.courseIds].filter((id) => others.every(({ courseIds: other }) => other.has(id)));
    const rows = await store.findMany(courseIds);
    const isFound = await this.#matcher(rows, words);
    return { rows: rows.filter((row) => isFound(row) && (tag === undefined || row.tags.includes(tag))), isCut: whole.length === 0 };
  }

  /** Also the courses of a category whose name has the word. */
  async #withWord(word: string): Promise<FoundCourses> {
    const { store, search, categories } = this.#options;
    const found = await search.startingWith(word);
    for (const category of await categories.list()) {
      if (!matchesWords(searchWords(category.name), [word])) continue;
      const { rows, nextCursor } = await store.list({ listings: allListings, categoryId: category._id, order: 'newest', cursor: undefined, limit: maxFoundCourses });
      for (const { _id } of rows) found.courseIds.add(_id as CourseId);
      found.isCut ||= nextCursor !== null;
    }
    return found;
  }

  async #matcher(rows: readonly CourseRow[], searched: readonly string[]): Promise<(course: CourseRow) => boolean> {
    const { courses, categories } = this.#options;
    const [nameOf, categoryOf] = await Promise.all([courses.ownerNames(rows), categories.names()]);
    return (course) => matchesWords([...wordsOf(course, nameOf(course)), ...searchWords(categoryOf(course.categoryId)?.name ?? '')], searched);
  }
}

function listingsFor(isAdmin: boolean, state: CourseState | undefined): readonly Listing[] {
  if (isAdmin) return state === undefined ? allListings : listingsOf[state];
  return state === undefined || state === 'published' ? ['listed'] : [];
}
