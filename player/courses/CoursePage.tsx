import type { CourseDetail } from '#api/contract';
import { may } from '#engine/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { api } from '../app/services.ts';
import { useLoaded, usePolling } from '../app/useLoaded.ts';
import { usePageTitle } from '../app/usePageTitle.ts';
import { useTabInUrl } from '../app/useTabInUrl.ts';
import { Badge, Skeleton, SkeletonList, Tabs } from '../design/index.ts';
import type { Tab } from '../design/index.ts';
import { Classmates } from '../enrolment/Classmates.tsx';
import { JoinPanel } from '../enrolment/JoinPanel.tsx';
import { PeopleTabLabel } from '../enrolment/PeopleTabLabel.tsx';
import { text } from '../text/index.ts';
import './courses.css';
import { CoursePeople } from './CoursePeople.tsx';
import { CourseSettings, LeaveCourse } from './CourseSettings.tsx';
import { LectureList } from './LectureList.tsx';
import { StreamKeyPanel } from './StreamKeyPanel.tsx';

const refreshMs = 20_000;

/** Students join or replay lectures. Instructors schedule lectures, go live, and manage the stream key and the people. */
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
      <div class="course-head">
        <h1 dir="auto">{course.title}</h1>
        <div class="row quiet">
          <span>{text.home.by(course.ownerName)}</span>
          {course.role && course.role !== 'student' ? <Badge tone="good">{text.course.roles[course.role]}</Badge> : null}
        </div>
        {course.description ? <p dir="auto">{course.description}</p> : null}
      </div>
      <CourseBody course={course} onCourse={replace} onReload={reload} />
    </div>
  );
}

interface CourseBodyProps {
  course: CourseDetail;
  onCourse: (course: CourseDetail) => void;
  onReload: () => void;
}

function CourseBody({ course, onCourse, onReload }: CourseBodyProps) {
  const role = course.role ?? undefined;
  if (!role) return <JoinPanel course={course} onEnrolled={onCourse} />;
  const lectures = <LectureList course={course} onChanged={onReload} />;
  if (!may(role, 'enrolment.list')) {
    return (
      <>
        {lectures}
        <Classmates courseId={course.id} />
        <LeaveCourse course={course} />
      </>
    );
  }
  const tabs: Tab[] = [
    { key: 'lectures', label: text.course.lectures, panel: <div class="course-body">{lectures}</div> },
    { key: 'people', label: <PeopleTabLabel courseId={course.id} />, panel: <CoursePeople course={course} onCourse={onCourse} /> },
  ];
  if (may(role, 'streamKey.manage')) tabs.splice(1, 0, { key: 'obs', label: text.course.obs, panel: <StreamKeyPanel courseId={course.id} /> });
  if (may(role, 'course.edit')) tabs.push({ key: 'settings', label: text.course.settings, panel: <CourseSettings course={course} onCourse={onCourse} /> });
  return <CourseTabs tabs={tabs} />;
}

function CourseTabs({ tabs }: { tabs: readonly Tab[] }) {
  const [open, setOpen] = useTabInUrl(tabs.map(({ key }) => key));
  return <Tabs label={text.course.tabs} tabs={tabs} selected={open ?? tabs[0]?.key} onSelect={setOpen} />;
}
