import type { CourseDetail } from '#api/contract';
import { may } from '#engine/contract';
import { Announcements } from '../announcements/Announcements.tsx';
import { AnnouncementsLabel } from '../announcements/AnnouncementsLabel.tsx';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { api } from '../app/services.ts';
import { useLoaded, usePolling } from '../app/useLoaded.ts';
import { usePageTitle } from '../app/usePageTitle.ts';
import { useTabInUrl } from '../app/useTabInUrl.ts';
import { Badge, Skeleton, SkeletonList, Tabs } from '../design/index.ts';
import type { Tab } from '../design/index.ts';
import { text } from '../text/index.ts';
import { CourseProgress } from '../progress/CourseProgress.tsx';
import { OwnProgress } from '../progress/OwnProgress.tsx';
import './courses.css';
import { CoursePeople } from './CoursePeople.tsx';
import { CourseSettings, LeaveCourse } from './CourseSettings.tsx';
import { EnrolForm } from './EnrolForm.tsx';
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
  if (!role) return <EnrolForm course={course} onEnrolled={onCourse} />;
  const lectures = <LectureList course={course} onChanged={onReload} />;
  const ofEveryone: Tab[] = [
    { key: 'lectures', label: text.course.lectures, panel: <div class="course-body">{lectures}</div> },
    { key: 'announcements', label: <AnnouncementsLabel courseId={course.id} />, panel: <Announcements course={course} /> },
    { key: 'progress', label: text.progress.title, panel: may(role, 'progress.list') ? <CourseProgress course={course} /> : <OwnProgress course={course} /> },
  ];
  if (!may(role, 'enrolment.list')) {
    return (
      <>
        <CourseTabs tabs={ofEveryone} />
        <LeaveCourse course={course} />
      </>
    );
  }
  const tabs: Tab[] = [
    ...ofEveryone,
    { key: 'people', label: text.course.people, panel: <CoursePeople course={course} onCourse={onCourse} /> },
  ];
  if (may(role, 'streamKey.manage')) tabs.splice(1, 0, { key: 'obs', label: text.course.obs, panel: <StreamKeyPanel courseId={course.id} /> });
  if (may(role, 'course.edit')) tabs.push({ key: 'settings', label: text.course.settings, panel: <CourseSettings course={course} onCourse={onCourse} /> });
  return <CourseTabs tabs={tabs} />;
}

function CourseTabs({ tabs }: { tabs: readonly Tab[] }) {
  const [open, setOpen] = useTabInUrl(tabs.map(({ key }) => key));
  return <Tabs label={text.course.tabs} tabs={tabs} selected={open ?? tabs[0]?.key} onSelect={setOpen} />;
}
