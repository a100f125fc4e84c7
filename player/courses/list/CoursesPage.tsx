import { Plus, SearchX, Shapes, Trash2 } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { CatalogueCourse, CourseSummary } from '#api/contract';
import { LoadFailure } from '../../app/LoadFailure.tsx';
import { paths } from '../../app/paths.ts';
import { account, api, canTeach } from '../../app/services.ts';
import { usePages } from '../../app/usePages.ts';
import { usePageTitle } from '../../app/usePageTitle.ts';
import { useQuery } from '../../app/useQuery.ts';
import { useSettled } from '../../app/useSettled.ts';
import { Button, ButtonLink, EmptyState, Notice, Tabs } from '../../design/index.ts';
import { text } from '../../text/index.ts';
import '../courses.css';
import { NewCourseDialog } from '../NewCourseDialog.tsx';
import { CourseCard, CourseCardSkeletons } from './CourseCard.tsx';
import { CourseFilters } from './CourseFilters.tsx';
import { hasFilters, queryOf, viewKeys } from './courseView.ts';
import type { CourseView } from './courseView.ts';
import './list.css';

/** The courses of a person, and those that anyone can join, with a search and filters. */
export default function CoursesPage() {
  usePageTitle(text.courses.title);
  const [view, setView] = useQuery(viewKeys);
  const [isCreating, setCreating] = useState(false);
  const canCreate = canTeach(account.value);
  const openTab = view.view === 'catalogue' ? 'catalogue' : 'mine';
  const list = (which: 'mine' | 'catalogue') => (
    <CourseList which={which} view={view} onView={setView} onCreate={canCreate ? () => setCreating(true) : undefined} />
  );
  return (
    <div class="page">
      <div class="section__head">
        <h1>{text.courses.title}</h1>
        <div class="row">
          {account.value?.roles.includes('admin') ? (
            <ButtonLink variant="quiet" href={paths.categories}>
              <Shapes aria-hidden="true" size={20} />
              {text.categories.title}
            </ButtonLink>
          ) : null}
          {canCreate ? (
            <>
              <ButtonLink variant="quiet" href={paths.courseTrash}>
                <Trash2 aria-hidden="true" size={20} />
                {text.courses.trash}
              </ButtonLink>
              <Button variant="primary" onClick={() => setCreating(true)}>
                <Plus aria-hidden="true" size={20} />
                {text.home.createCourse}
              </Button>
            </>
          ) : null}
        </div>
      </div>
      <Tabs
        label={text.courses.views.label}
        selected={openTab}
        onSelect={(key) => setView({ view: key === 'mine' ? '' : key, state: '', as: '', order: '' })}
        tabs={[
          { key: 'mine', label: text.courses.views.mine, panel: openTab === 'mine' ? list('mine') : null },
          { key: 'catalogue', label: text.courses.views.catalogue, panel: openTab === 'catalogue' ? list('catalogue') : null },
        ]}
      />
      {isCreating ? <NewCourseDialog onClose={() => setCreating(false)} /> : null}
    </div>
  );
}

interface CourseListProps {
  which: 'mine' | 'catalogue';
  view: CourseView;
  onView: (change: Partial<CourseView>) => void;
  onCreate: (() => void) | undefined;
}

function CourseList({ which, view, onView, onCreate }: CourseListProps) {
  const search = useSettled(view.search);
  const [isCut, setCut] = useState(false);
  const pages = usePages<CourseSummary | CatalogueCourse>(
    async (cursor, signal) => {
      const query = { ...queryOf({ ...view, search }), ...(cursor === undefined ? {} : { cursor }) };
      if (which === 'mine') {
        const { courses, nextCursor } = await api.listCourses({ query }, { signal });
        return { rows: courses, nextCursor };
      }
      const { as: _as, order, ...shared } = query;
      const page = await api.listCatalogue({ query: { ...shared, order: order === 'title' ? 'title' : 'newest' } }, { signal });
      setCut(page.isCut);
      return { rows: page.courses, nextCursor: page.nextCursor };
    },
    [which, search, view.state, view.as, view.categoryId, view.tag, view.order],
  );
  const { rows } = pages;
  const isFiltered = hasFilters({ ...view, search });
  return (
    <div class="course-body">
      {rows?.length === 0 && !isFiltered ? null : <CourseFilters which={which} view={view} onView={onView} />}
      {pages.error ? <LoadFailure error={pages.error} onRetry={pages.reload} /> : null}
      {rows || pages.error ? null : <CourseCardSkeletons />}
      {which === 'catalogue' && isCut ? <Notice>{text.courses.isCut}</Notice> : null}
      <p class="unseen" role="status">
        {rows && !pages.isLoading ? text.courses.found(rows.length, pages.hasMore) : ''}
      </p>
      {rows && rows.length > 0 ? (
        <ul class="courses" aria-busy={pages.isLoading}>
          {rows.map((course) => (
            <li key={course.id}>
              <CourseCard course={course} isCatalogue={which === 'catalogue'} />
            </li>
          ))}
        </ul>
      ) : null}
      {rows?.length === 0 && isFiltered ? (
        <EmptyState
          icon={<SearchX aria-hidden="true" />}
          title={text.courses.nothingFoundTitle}
          action={<Button onClick={() => onView({ search: '', state: '', as: '', categoryId: '', tag: '' })}>{text.courses.clear}</Button>}
        >
          {text.courses.nothingFound}
        </EmptyState>
      ) : null}
      {rows?.length === 0 && !isFiltered ? <NoCourses which={which} onCreate={onCreate} /> : null}
      {pages.hasMore ? (
        <div class="row">
          <Button isBusy={pages.isLoading} onClick={pages.loadMore}>
            {text.courses.more}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

function NoCourses({ which, onCreate }: Pick<CourseListProps, 'which' | 'onCreate'>) {
  if (which === 'catalogue') return <EmptyState title={text.courses.noCatalogueTitle}>{text.courses.noCatalogue}</EmptyState>;
  return (
    <EmptyState
      title={text.home.noCoursesTitle}
      action={
        onCreate ? (
          <Button variant="primary" onClick={onCreate}>
            {text.home.createFirst}
          </Button>
        ) : null
      }
    >
      {onCreate ? text.home.noCoursesInstructor : text.courses.noCatalogue}
    </EmptyState>
  );
}
