import { Upload } from 'lucide-preact';
import type { CourseAction } from '#engine/contract';
import { paths } from '../app/paths.ts';
import { account, api } from '../app/services.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { usePageTitle } from '../app/usePageTitle.ts';
import { useQuery } from '../app/useQuery.ts';
import { ButtonLink, Tabs } from '../design/index.ts';
import { text } from '../text/index.ts';
import { mayInCourse } from './mayInCourse.ts';
import { DeletedVideos } from './DeletedVideos.tsx';
import { Library } from './Library.tsx';
import { viewKeys } from './libraryView.ts';

/** Courses to choose from in the filter. */
const maxCourses = 50;

/** All videos of a person's courses. Students watch them; instructors look after theirs. */
export default function LibraryPage() {
  usePageTitle(text.library.title);
  const [view, setView] = useQuery(viewKeys);
  const { data } = useLoaded((signal) => api.listCourses({ query: { limit: maxCourses } }, { signal }), [account.value?.id]);
  const courses = data?.courses ?? [];
  const coursesWith = (action: CourseAction) => new Set<string>(courses.filter((course) => mayInCourse(course, action)).map(({ id }) => id));
  const [managed, owned] = [coursesWith('video.manage'), coursesWith('video.delete')];
  const isManager = managed.size > 0;
  const openTab = owned.size > 0 && view.view === 'deleted' ? 'deleted' : 'all';
  const upload = (
    <ButtonLink variant="primary" href={paths.uploads}>
      <Upload aria-hidden="true" size={20} />
      {text.uploads.upload}
    </ButtonLink>
  );
  const library = (
    <Library
      courses={courses}
      view={view}
      onView={setView}
      canManage={({ courseId }) => managed.has(courseId)}
      canDelete={({ courseId }) => owned.has(courseId)}
      isManager={isManager}
      emptyAction={isManager ? upload : undefined}
    />
  );
  return (
    <div class="page">
      <div class="section__head">
        <h1>{text.library.title}</h1>
        {isManager ? upload : null}
      </div>
      {owned.size > 0 ? (
        <Tabs
          label={text.library.views.label}
          selected={openTab}
          onSelect={(tab) => setView({ view: tab === 'all' ? '' : tab })}
          tabs={[
            { key: 'all', label: text.library.views.all, panel: <div class="course-body">{openTab === 'all' ? library : null}</div> },
            { key: 'deleted', label: text.library.views.deleted, panel: <div class="course-body">{openTab === 'deleted' ? <DeletedVideos /> : null}</div> },
          ]}
        />
      ) : (
        library
      )}
    </div>
  );
}
