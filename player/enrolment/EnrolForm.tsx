import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { ApiError } from '#api/contract';
import type { CourseDetail, Joining } from '#api/contract';
import { ActionForm } from '../app/ActionForm.tsx';
import { api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { CourseCodeField } from '../courses/CourseCodeField.tsx';
import { Button, Notice, showToast } from '../design/index.ts';
import { text } from '../text/index.ts';

interface EnrolFormProps {
  course: CourseDetail;
  joining: Joining;
  onJoining: (joining: Joining) => void;
  onChanged: () => void;
  onEnrolled: (course: CourseDetail) => void;
}

/** Lets a user join a course or its waiting list, with the course code if it needs one. */
export function EnrolForm({ course, joining, onJoining, onChanged, onEnrolled }: EnrolFormProps) {
  const { query } = useLocation();
  const [code, setCode] = useState(query.code ?? '');
  const needsCode = joining.enrolmentPolicy === 'code';
  const request = { params: { courseId: course.id }, body: needsCode ? { code } : {} };
  const enrol = useAction(async () => {
    if (joining.isFull) {
      onJoining(await api.joinWaitingList(request));
      return;
    }
    try {
      onEnrolled(await api.enrol(request));
    } catch (error) {
      // The last seat went to somebody else.
      if (error instanceof ApiError && error.code === 'course.full') onChanged();
      throw error;
    }
    showToast({ text: text.course.enrolled });
  });
  return (
    <ActionForm title={text.course.enrolTitle} action={enrol} class="narrow">
      {joining.isFull ? <Notice>{text.enrolment.full(joining.waitingCount)}</Notice> : null}
      {needsCode ? <CourseCodeField value={code} error={enrol.fieldProblem('code')} onValue={setCode} /> : null}
      <div class="row">
        <Button type="submit" variant="primary" size="large" isBusy={enrol.isBusy}>
          {joining.isFull ? text.enrolment.joinWaiting : text.course.enrolDo}
        </Button>
      </div>
    </ActionForm>
  );
}
