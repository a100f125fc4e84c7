import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { ApiError } from '#api/contract';
import { ActionForm } from '../app/ActionForm.tsx';
import { paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { Button } from '../design/index.ts';
import { text } from '../text/index.ts';
import { CourseCodeField } from './CourseCodeField.tsx';

/** Joins the course of a code, and opens it. */
export function JoinByCode() {
  const { route } = useLocation();
  const [code, setCode] = useState('');
  const join = useAction(async () => {
    try {
      const course = await api.enrolByCode({ body: { code } });
      route(paths.course(course.id));
    } catch (error) {
      const full = error instanceof ApiError && error.code === 'course.full' ? error.problem.details?.courseId : undefined;
      if (typeof full !== 'string') throw error;
      // The course page has its waiting list.
      route(`${paths.course(full)}?code=${encodeURIComponent(code)}`);
    }
  });
  return (
    <ActionForm title={text.home.joinByCode} action={join} class="narrow">
      <CourseCodeField value={code} error={join.fieldProblem('code')} onValue={setCode} />
      <div class="row">
        <Button type="submit" isBusy={join.isBusy} disabled={code.trim() === ''}>
          {text.course.enrolDo}
        </Button>
      </div>
    </ActionForm>
  );
}
