import type { CourseDetail } from '#api/contract';
import { may } from '#engine/contract';
import { EmptyState } from '../../design/index.ts';
import { Markdown } from '../../markdown/Markdown.tsx';
import { text } from '../../text/index.ts';
import { CourseFacts } from './CourseFacts.tsx';
import './frame.css';

/** What the course is about. */
export function CourseOverview({ course }: { course: CourseDetail }) {
  const canEdit = may(course.role ?? undefined, 'course.edit') && course.state !== 'archived';
  return (
    <div class="course-body">
      <div class="course-columns">
        <div class="stack">
          {course.description ? (
            <Markdown>{course.description}</Markdown>
          ) : (
            <EmptyState title={text.courses.noDescription} action={canEdit ? <a href="?tab=settings">{text.courses.addDescription}</a> : null} />
          )}
        </div>
        <CourseFacts course={course} />
      </div>
    </div>
  );
}
