import { useEffect, useState } from 'preact/hooks';
import { ActionForm } from '../app/ActionForm.tsx';
import { api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { Button, showToast, TextField } from '../design/index.ts';
import { text } from '../text/index.ts';
import './enrolment.css';

/** How many students a course admits. */
export function AdmissionForm({ courseId }: { courseId: string }) {
  const { data, replace } = useLoaded((signal) => api.getAdmission({ params: { courseId } }, { signal }), [courseId]);
  const [given, setGiven] = useState<string>();
  const [isWrong, setWrong] = useState(false);
  useEffect(() => setGiven(undefined), [courseId]);
  const shown = given ?? String(data?.capacity ?? '');
  const save = useAction(async () => {
    const capacity = shown.trim() === '' ? null : Number(shown);
    const isNumber = capacity === null || Number.isInteger(capacity);
    setWrong(!isNumber);
    if (!isNumber) return;
    replace(await api.updateAdmission({ params: { courseId }, body: { capacity } }));
    setGiven(undefined);
    showToast({ text: text.course.saved });
  });
  if (!data) return null;
  const { capacity, studentCount, waitingCount } = data;
  return (
    <ActionForm title={text.enrolment.seats} action={save}>
      <TextField
        label={text.enrolment.capacity}
        hint={text.enrolment.capacityHint}
        type="number"
        min={0}
        inputMode="numeric"
        value={shown}
        error={isWrong ? text.enrolment.capacityWrong : save.fieldProblem('capacity')}
        onValue={setGiven}
      />
      <p class="small quiet tabular">
        {capacity === null ? text.enrolment.noLimit(studentCount) : text.enrolment.taken(studentCount, capacity)}
        {waitingCount > 0 ? ` · ${text.enrolment.someWait(waitingCount)}` : null}
      </p>
      <div class="row">
        <Button type="submit" isBusy={save.isBusy}>
          {text.enrolment.saveCapacity}
        </Button>
      </div>
    </ActionForm>
  );
}
