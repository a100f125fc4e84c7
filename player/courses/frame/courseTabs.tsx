import type { ComponentChildren, ComponentType } from 'preact';
import { useMemo } from 'preact/hooks';
import type { CourseDetail } from '#api/contract';
import { may } from '#engine/contract';
import type { CourseAction } from '#engine/contract';
import { Announcements } from '../../announcements/Announcements.tsx';
import { AnnouncementsLabel } from '../../announcements/AnnouncementsLabel.tsx';
import { Materials } from '../../materials/Materials.tsx';
import { Quizzes } from '../../quizzes/Quizzes.tsx';
import { CourseProgress } from '../../progress/CourseProgress.tsx';
import { OwnProgress } from '../../progress/OwnProgress.tsx';
import { Classmates } from '../../enrolment/Classmates.tsx';
import { PeopleTabLabel } from '../../enrolment/PeopleTabLabel.tsx';
import { CourseVideos } from '../../library/CourseVideos.tsx';
import { text } from '../../text/index.ts';
import { CoursePeople } from '../CoursePeople.tsx';
import { LeaveCourse } from '../LeaveCourse.tsx';
import { LectureList } from '../LectureList.tsx';
import { CourseSettings } from '../settings/CourseSettings.tsx';
import { StreamKeyPanel } from '../StreamKeyPanel.tsx';
import { courseWebhooks } from '../../webhooks/webhookApi.ts';
import { Webhooks } from '../../webhooks/Webhooks.tsx';
import { CourseOverview } from './CourseOverview.tsx';

export interface CoursePanelProps {
  course: CourseDetail;
  /** The course has changed to this. */
  onCourse: (course: CourseDetail) => void;
  /** Something of the course has changed: it is loaded again. */
  onReload: () => void;
}

export interface CourseTab {
  /** In the address: `?tab=people`. The first tab has none. */
  key: string;
  label: (course: CourseDetail) => ComponentChildren;
  isFor: (course: CourseDetail) => boolean;
  Panel: ComponentType<CoursePanelProps>;
}

/** The tabs of the course page, in their order. */
export const courseTabs: readonly CourseTab[] = [
  { key: 'lectures', label: () => text.course.lectures, isFor: () => true, Panel: Lectures },
  { key: 'videos', label: () => text.library.title, isFor: () => true, Panel: ({ course }) => <CourseVideos course={course} /> },
  { key: 'announcements', label: (course) => <AnnouncementsLabel courseId={course.id} />, isFor: () => true, Panel: Announcements },
  { key: 'materials', label: () => text.materials.title, isFor: (course) => isAllowed(course, 'material.read'), Panel: Materials },
  { key: 'quizzes', label: () => text.quizzes.title, isFor: (course) => isAllowed(course, 'quiz.read'), Panel: Quizzes },
  { key: 'overview', label: () => text.courses.overview, isFor: () => true, Panel: CourseOverview },
  { key: 'obs', label: () => text.course.obs, isFor: (course) => isAllowed(course, 'streamKey.manage') && isOpen(course), Panel: ({ course }) => <StreamKeyPanel courseId={course.id} /> },
  { key: 'people', label: ({ id }) => <PeopleTabLabel courseId={id} />, isFor: (course) => isAllowed(course, 'enrolment.list'), Panel: CoursePeople },
  { key: 'classmates', label: () => text.course.people, isFor: (course) => !isAllowed(course, 'enrolment.list'), Panel: ({ course }) => <Classmates courseId={course.id} /> },
  { key: 'webhooks', label: () => text.webhooks.title, isFor: (course) => isAllowed(course, 'webhook.manage') && isOpen(course), Panel: CourseWebhooks },
  { key: 'progress', label: () => text.progress.title, isFor: () => true, Panel: Progress },
  { key: 'settings', label: () => text.course.settings, isFor: (course) => isAllowed(course, 'course.edit'), Panel: CourseSettings },
];

function Progress({ course }: CoursePanelProps) {
  return isAllowed(course, 'progress.list') ? <CourseProgress course={course} /> : <OwnProgress course={course} />;
}

function isAllowed({ role }: CourseDetail, action: CourseAction): boolean {
  return may(role ?? undefined, action);
}

function isOpen({ state }: CourseDetail): boolean {
  return state !== 'archived';
}

/** In an archived course nobody starts or schedules lectures: all see what a student sees. */
function Lectures({ course, onReload }: CoursePanelProps) {
  return (
    <div class="course-body">
      <LectureList course={isOpen(course) ? course : { ...course, role: 'student' }} onChanged={onReload} />
      {course.role === 'owner' ? null : <LeaveCourse course={course} />}
    </div>
  );
}

function CourseWebhooks({ course: { id } }: CoursePanelProps) {
  const webhooks = useMemo(() => courseWebhooks(id), [id]);
  return <Webhooks webhooks={webhooks} intro={text.webhooks.intro} />;
}
