import type { CourseDetail } from '#api/contract';
import { may } from '#engine/contract';
import { Badge } from '../../design/index.ts';
import { text } from '../../text/index.ts';
import { CourseCover } from '../list/CourseCover.tsx';
import './frame.css';
import { CourseMenu } from './CourseMenu.tsx';

/** What the course is and whose, and what its owner does with it as a whole. */
export function CourseHead({ course, onCourse }: { course: CourseDetail; onCourse: (course: CourseDetail) => void }) {
  return (
    <header class="course-head">
      {course.coverId ? (
        <div class="course-head__cover">
          <CourseCover course={course} isLarge />
        </div>
      ) : null}
      <div class="course-head__row">
        <h1 class="grow" dir="auto">
          {course.title}
        </h1>
        {may(course.role ?? undefined, 'course.duplicate') ? <CourseMenu course={course} onCourse={onCourse} /> : null}
      </div>
      <div class="row quiet">
        <span>{text.home.by(course.ownerName)}</span>
        {course.category ? <span dir="auto">{course.category.name}</span> : null}
        {course.role && course.role !== 'student' ? <Badge tone="good">{text.course.roles[course.role]}</Badge> : null}
        {course.state === 'published' ? null : <Badge tone={course.state === 'draft' ? 'warning' : 'normal'}>{text.courses.states[course.state]}</Badge>}
      </div>
    </header>
  );
}
