import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { CourseDetail } from '#api/contract';
import { may } from '#engine/contract';
import { ActionForm } from '../app/ActionForm.tsx';
import { paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useAction, useToastedAction } from '../app/useAction.ts';
import { Button, ConfirmDialog, showToast } from '../design/index.ts';
import { AdmissionForm } from '../enrolment/AdmissionForm.tsx';
import { text } from '../text/index.ts';
import type { CourseForm } from './CourseFields.tsx';
import { CourseFields } from './CourseFields.tsx';
import { DeleteCourse } from './DeleteCourse.tsx';

export function CourseSettings({ course, onCourse }: { course: CourseDetail; onCourse: (course: CourseDetail) => void }) {
  const [form, setForm] = useState<CourseForm>({ title: course.title, description: course.description, enrolmentPolicy: course.enrolmentPolicy });
  const save = useAction(async () => {
    onCourse(await api.updateCourse({ params: { courseId: course.id }, body: form }));
    showToast({ text: text.course.saved });
  });
  return (
    <div class="course-body">
      <ActionForm action={save} class="narrow">
        <CourseFields value={form} action={save} onValue={setForm} />
        <div class="row">
          <Button type="submit" variant="primary" isBusy={save.isBusy}>
            {text.course.save}
          </Button>
        </div>
      </ActionForm>
      <AdmissionForm courseId={course.id} />
      {may(course.role ?? undefined, 'course.delete') ? <DeleteCourse courseId={course.id} title={course.title} /> : null}
    </div>
  );
}

export function LeaveCourse({ course }: { course: CourseDetail }) {
  const { route } = useLocation();
  const [isAsking, setAsking] = useState(false);
  const leave = useToastedAction(async () => {
    await api.leaveCourse({ params: { courseId: course.id } });
    showToast({ text: text.course.left });
    route(paths.home);
  });
  return (
    <div class="row">
      <Button variant="quiet" onClick={() => setAsking(true)}>
        {text.course.leave}
      </Button>
      {isAsking ? (
        <ConfirmDialog
          title={text.course.leaveTitle}
          message={text.course.leaveMessage}
          confirmLabel={text.course.leave}
          isBusy={leave.isBusy}
          onConfirm={() => leave.run()}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </div>
  );
}
