import type { CourseDetail } from '#api/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { api } from '../app/services.ts';
import { useLoaded, usePolling } from '../app/useLoaded.ts';
import { usePageTitle } from '../app/usePageTitle.ts';
import { useTabInUrl } from '../app/useTabInUrl.ts';
import { Skeleton, SkeletonList, Tabs } from '../design/index.ts';
import { text } from '../text/index.ts';
import './courses.css';
import { CourseHead } from './frame/CourseHead.tsx';
import { CourseNotice } from './frame/CourseNotice.tsx';
import { courseTabs } from './frame/courseTabs.tsx';
import { OwnershipOffer } from './ownership/OwnershipOffer.tsx';
import { NotMember } from './frame/NotMember.tsx';

const refreshMs = 20_000;

/** Students join or replay lectures. Instructors schedule lectures, go live, and look after the people and the course. */
export default function CoursePage({ courseId }: { courseId: string }) {
  const { data: course, error, reload, replace } = useLoaded((signal) => api.getCourse({ params: { courseId } }, { signal }), [courseId]);
  usePolling(reload, refreshMs);
  usePageTitle(course?.title);

  if (!course) {
    return (
      <div class="page">
        {error ? (
          <LoadFailure error={error} onRetry={reload} />
        ) : (
          <>
            <Skeleton height="2.25rem" width="60%" />
            <SkeletonList rows={3} />
          </>
        )}
      </div>
    );
  }
  return (
    <div class="page">
      <CourseHead course={course} onCourse={replace} />
      <CourseNotice course={course} onCourse={replace} />
      {course.role === null || course.role === 'owner' ? null : <OwnershipOffer course={course} onCourse={replace} />}
      {course.role === null ? <NotMember course={course} onCourse={replace} /> : <MemberTabs course={course} onCourse={replace} onReload={reload} />}
    </div>
  );
}

function MemberTabs(props: { course: CourseDetail; onCourse: (course: CourseDetail) => void; onReload: () => void }) {
  const tabs = courseTabs.filter(({ isFor }) => isFor(props.course)).map(({ key, label, Panel }) => ({ key, label: label(props.course), panel: <Panel {...props} /> }));
  const [open, setOpen] = useTabInUrl(tabs.map(({ key }) => key));
  return <Tabs label={text.course.tabs} tabs={tabs} selected={open ?? tabs[0]?.key} onSelect={setOpen} />;
}
