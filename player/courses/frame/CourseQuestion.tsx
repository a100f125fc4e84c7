import { useLocation } from 'preact-iso';
import type { CourseDetail } from '#api/contract';
import { paths } from '../../app/paths.ts';
import { api } from '../../app/services.ts';
import { useToastedAction } from '../../app/useAction.ts';
import { ConfirmDialog, showToast } from '../../design/index.ts';
import { text } from '../../text/index.ts';
import { useCourseStep } from './useCourseStep.ts';

export type Question = 'unpublish' | 'archive' | 'delete';

interface CourseQuestionProps {
  question: Question;
  course: CourseDetail;
  onCourse: (course: CourseDetail) => void;
  onClose: () => void;
}

/** Asks before students lose a course, and does it. */
export function CourseQuestion({ question, course, onCourse, onClose }: CourseQuestionProps) {
  const closing = (changed: CourseDetail) => {
    onClose();
    onCourse(changed);
  };
  const step = useCourseStep(course.id, closing);
  const remove = useDeletion(course);
  if (question === 'delete') {
    return (
      <ConfirmDialog
        title={text.course.deleteTitle(course.title)}
        message={text.course.deleteMessage}
        confirmLabel={text.course.delete}
        isBusy={remove.isBusy}
        onConfirm={() => remove.run()}
        onClose={onClose}
      />
    );
  }
  const words = {
    unpublish: { title: text.courses.unpublishTitle, message: text.courses.unpublishMessage, confirmLabel: text.courses.unpublish },
    archive: { title: text.courses.archiveTitle, message: text.courses.archiveMessage, confirmLabel: text.courses.archive },
  }[question];
  return <ConfirmDialog {...words} variant="primary" isBusy={step.isBusy} onConfirm={() => step.run(question)} onClose={onClose} />;
}

/** Moves the course to the trash and leaves its page. The toast takes it back. */
function useDeletion({ id: courseId, title }: CourseDetail) {
  const { route } = useLocation();
  const restore = useToastedAction(async () => {
    await api.restoreCourse({ params: { courseId } });
    showToast({ text: text.courses.restored(title) });
    route(paths.course(courseId));
  });
  return useToastedAction(async () => {
    await api.deleteCourse({ params: { courseId } });
    showToast({ text: text.course.deleted, action: { label: text.courses.undo, onSelect: () => restore.run() } });
    route(paths.courses);
  });
}
