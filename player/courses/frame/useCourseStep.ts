import type { CourseDetail } from '#api/contract';
import { api } from '../../app/services.ts';
import { useToastedAction } from '../../app/useAction.ts';
import { showToast } from '../../design/index.ts';
import { text } from '../../text/index.ts';

const steps = {
  publish: { call: api.publishCourse, done: text.courses.published },
  unpublish: { call: api.unpublishCourse, done: text.courses.unpublished },
  archive: { call: api.archiveCourse, done: text.courses.archived },
  unarchive: { call: api.unarchiveCourse, done: text.courses.unarchived },
} as const;

export type CourseStep = keyof typeof steps;

/** Takes a course from one state to another. */
export function useCourseStep(courseId: string, onCourse: (course: CourseDetail) => void) {
  return useToastedAction(async (step: CourseStep) => {
    const { call, done } = steps[step];
    onCourse(await call({ params: { courseId } }));
    showToast({ text: done });
  });
}
