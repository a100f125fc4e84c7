import { useState } from 'preact/hooks';
import type { CourseDetail } from '#api/contract';
import { ActionForm } from '../app/ActionForm.tsx';
import { api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { Button, Notice, showToast } from '../design/index.ts';
import { text } from '../text/index.ts';
import { CourseCodeField } from './CourseCodeField.tsx';

/** Lets a user join a course, with the course code if it needs one. */
export function EnrolForm({ course, onEnrolled }: { course: CourseDetail; onEnrolled: (course: CourseDetail) => void }) {
  const [code, setCode] = useState('');
  const needsCode = course.enrolmentPolicy === 'code';
  const enrol = useAction(async () => {
    onEnrolled(await api.enrol({ params: { courseId: course.id }, body: needsCode ? { code } : {} }));
    showToast({ text: text.course.enrolled });
  });
  if (course.enrolmentPolicy === 'closed') return <Notice>{text.course.closed}</Notice>;
  return (
    <ActionForm title={text.course.enrolTitle} action={enrol} class="narrow">
      {needsCode ? <CourseCodeField value={code} error={enrol.fieldProblem('code')} onValue={setCode} /> : null}
      <div class="row">
        <Button type="submit" variant="primary" size="large" isBusy={enrol.isBusy}>
          {text.course.enrolDo}
        </Button>
      </div>
    </ActionForm>
  );
}
