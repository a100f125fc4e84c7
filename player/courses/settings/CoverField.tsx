import type { CourseDetail } from '#api/contract';
import { ImageButton } from '../../app/ImageButton.tsx';
import { api } from '../../app/services.ts';
import { useToastedAction } from '../../app/useAction.ts';
import { Button, showToast } from '../../design/index.ts';
import { text } from '../../text/index.ts';
import { CourseCover } from '../list/CourseCover.tsx';
import './settings.css';

/** The cover of a course, and what changes it. It is stored when it is chosen. */
export function CoverField({ course, onCourse }: { course: CourseDetail; onCourse: (course: CourseDetail) => void }) {
  const params = { courseId: course.id };
  const set = useToastedAction(async (file: File) => {
    onCourse(await api.setCourseCover({ params, body: file }));
    showToast({ text: text.courses.coverSaved });
  });
  const remove = useToastedAction(async () => {
    onCourse(await api.deleteCourseCover({ params }));
    showToast({ text: text.courses.coverRemoved });
  });
  return (
    <section class="section">
      <h2>{text.courses.cover}</h2>
      <div class="cover-field">
        <CourseCover course={course} />
        <div class="stack-tight">
          <div class="row">
            <ImageButton label={text.courses.chooseCover} isBusy={set.isBusy} onFile={(file) => set.run(file)}>
              {course.coverId ? text.courses.changeCover : text.courses.chooseCover}
            </ImageButton>
            {course.coverId ? (
              <Button variant="quiet" isBusy={remove.isBusy} onClick={() => remove.run()}>
                {text.courses.removeCover}
              </Button>
            ) : null}
          </div>
          <p class="small quiet">{text.courses.coverHint}</p>
        </div>
      </div>
    </section>
  );
}
