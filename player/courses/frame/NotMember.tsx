import type { CourseDetail } from '#api/contract';
import { JoinPanel } from '../../enrolment/JoinPanel.tsx';
import { Markdown } from '../../markdown/Markdown.tsx';
import { CourseFacts } from './CourseFacts.tsx';
import './frame.css';

/** A course for someone who is not in it: what it is about, and the way in. */
export function NotMember({ course, onCourse }: { course: CourseDetail; onCourse: (course: CourseDetail) => void }) {
  return (
    <div class="course-columns">
      <div class="stack">
        {course.state === 'published' ? <JoinPanel course={course} onEnrolled={onCourse} /> : null}
        {course.description ? <Markdown>{course.description}</Markdown> : null}
      </div>
      <CourseFacts course={course} />
    </div>
  );
}
