import type { CourseDetail } from '#api/contract';
import { api } from '../../app/services.ts';
import { useToastedAction } from '../../app/useAction.ts';
import { showToast } from '../../design/index.ts';
import { text } from '../../text/index.ts';

const calls = { publish: api.publishCourse, unpublish: api.unpublishCourse, archive: api.archiveCourse, unarchive: api.unarchiveCourse };

export type CourseStep = keyof typeof calls;

/** Takes a course from one state to another. */
export function useCourseStep(courseId: string, onCourse: (course: CourseDetail) => void) {
  return useToastedAction(async (step: CourseStep) => {
    onCourse(await calls[step]({ params: { courseId } }));
    const { published, unpublished, archived, unarchived } = text.courses;
    showToast({ text: { publish: published, unpublish: unpublished, archive: archived, unarchive: unarchived }[step] });
  });
}
