import type { CourseDetail } from '#api/contract';
import { may } from '#engine/contract';
import { Button, Notice } from '../../design/index.ts';
import { text } from '../../text/index.ts';
import { useCourseStep } from './useCourseStep.ts';

/** Says what the state of a course means, with the step out of it for those who may take it. */
export function CourseNotice({ course, onCourse }: { course: CourseDetail; onCourse: (course: CourseDetail) => void }) {
  const step = useCourseStep(course.id, onCourse);
  const isOwner = may(course.role ?? undefined, 'course.archive');
  if (course.state === 'published') return null;
  if (course.state === 'archived') {
    return (
      <Notice action={isOwner ? <Button isBusy={step.isBusy} onClick={() => step.run('unarchive')}>{text.courses.unarchive}</Button> : null}>
        {text.courses.archivedNotice}
      </Notice>
    );
  }
  return (
    <Notice tone="warning" action={isOwner ? <Button variant="primary" isBusy={step.isBusy} onClick={() => step.run('publish')}>{text.courses.publish}</Button> : null}>
      {isOwner ? text.courses.draftNotice : text.courses.draftAssistant}
    </Notice>
  );
}
