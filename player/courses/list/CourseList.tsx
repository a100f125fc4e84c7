import { GraduationCap, SearchX } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { CatalogueCourse, CourseSummary } from '#api/contract';
import { LoadFailure } from '../../app/LoadFailure.tsx';
import { api } from '../../app/services.ts';
import { usePages } from '../../app/usePages.ts';
import type { PageOfRows, Pages } from '../../app/usePages.ts';
import { useSettled } from '../../app/useSettled.ts';
import { Button, EmptyState, Notice } from '../../design/index.ts';
import { text } from '../../text/index.ts';
import { CourseCard, CourseCardSkeletons } from './CourseCard.tsx';
import { CourseFilters } from './CourseFilters.tsx';
import { hasFilters, queryOf } from './courseView.ts';
import type { CourseView } from './courseView.ts';

type Listed = CourseSummary | CatalogueCourse;
type Query = ReturnType<typeof queryOf> & { cursor?: string };

interface CourseListProps {
  which: 'mine' | 'catalogue';
  view: CourseView;
  onView: (change: Partial<CourseView>) => void;
  onCreate: (() => void) | undefined;
}

/** The courses that a person has chosen to see, page by page. */
export function CourseList({ which, view, onView, onCreate }: CourseListProps) {
  const search = useSettled(view.search);
  const [isCut, setCut] = useState(false);
  const pages = usePages<Listed>(
    async (cursor, signal) => {
      const query = { ...queryOf({ ...view, search }), ...(cursor === undefined ? {} : { cursor }) };
      const page = await (which === 'mine' ? loadMine(query, signal) : loadCatalogue(query, signal));
      setCut(page.isCut);
      return page;
    },
    [which, search, view.state, view.as, view.categoryId, view.tag, view.order],
  );
  const isEmpty = pages.rows?.length === 0;
  const isFiltered = hasFilters({ ...view, search });
  return (
    <div class="course-body">
      {isEmpty && !isFiltered ? null : <CourseFilters which={which} view={view} onView={onView} />}
      {pages.error ? <LoadFailure error={pages.error} onRetry={pages.reload} /> : null}
      {isCut ? <Notice>{text.courses.isCut}</Notice> : null}
      <Cards pages={pages} isCatalogue={which === 'catalogue'} />
      {isEmpty && isFiltered ? <NothingFound onView={onView} /> : null}
      {isEmpty && !isFiltered ? <NoCourses which={which} onCreate={onCreate} onView={onView} /> : null}
    </div>
  );
}

async function loadMine(query: Query, signal: AbortSignal): Promise<PageOfRows<Listed> & { isCut: boolean }> {
  const { courses, nextCursor } = await api.listCourses({ query }, { signal });
  return { rows: courses, nextCursor, isCut: false };
}

async function loadCatalogue({ as: _as, order, ...query }: Query, signal: AbortSignal): Promise<PageOfRows<Listed> & { isCut: boolean }> {
  const { courses, nextCursor, isCut } = await api.listCatalogue({ query: { ...query, order: order === 'title' ? 'title' : 'newest' } }, { signal });
  return { rows: courses, nextCursor, isCut };
}

function Cards({ pages: { rows, error, isLoading, hasMore, loadMore }, isCatalogue }: { pages: Pages<Listed>; isCatalogue: boolean }) {
  if (!rows) return error ? null : <CourseCardSkeletons />;
  return (
    <>
      <p class="unseen" role="status">
        {isLoading ? '' : text.courses.found(rows.length, hasMore)}
      </p>
      <ul class="courses" aria-busy={isLoading}>
        {rows.map((course) => (
          <li key={course.id}>
            <CourseCard course={course} isCatalogue={isCatalogue} />
          </li>
        ))}
      </ul>
      {hasMore ? (
        <div class="row">
          <Button isBusy={isLoading} onClick={loadMore}>
            {text.courses.more}
          </Button>
        </div>
      ) : null}
    </>
  );
}

function NothingFound({ onView }: Pick<CourseListProps, 'onView'>) {
  const clear = () => onView({ search: '', state: '', as: '', categoryId: '', tag: '' });
  return (
    <EmptyState icon={<SearchX aria-hidden="true" />} title={text.courses.nothingFoundTitle} action={<Button onClick={clear}>{text.courses.clear}</Button>}>
      {text.courses.nothingFound}
    </EmptyState>
  );
}

function NoCourses({ which, onCreate, onView }: Pick<CourseListProps, 'which' | 'onCreate' | 'onView'>) {
  if (which === 'catalogue') return <EmptyState title={text.courses.noCatalogueTitle}>{text.courses.noCatalogue}</EmptyState>;
  const action = onCreate ? (
    <Button variant="primary" onClick={onCreate}>
      {text.home.createFirst}
    </Button>
  ) : (
    <Button onClick={() => onView({ view: 'catalogue' })}>{text.courses.views.catalogue}</Button>
  );
  return (
    <EmptyState icon={<GraduationCap aria-hidden="true" />} title={text.home.noCoursesTitle} action={action}>
      {onCreate ? text.home.noCoursesInstructor : text.courses.noneJoined}
    </EmptyState>
  );
}
