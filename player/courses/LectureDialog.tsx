import { useState } from 'preact/hooks';
import type { LectureView } from '#api/contract';
import { ActionForm } from '../app/ActionForm.tsx';
import { serverClock } from '../app/ServerClock.ts';
import { api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { Button, Checkbox, Dialog, DialogActions, showToast, TextField } from '../design/index.ts';
import { fromLocalInput, toLocalInput } from '../text/format.ts';
import { text } from '../text/index.ts';

interface LectureDialogProps {
  courseId: string;
  /** The scheduled lecture to edit; without it, a new one is created. */
  lecture?: LectureView;
  onClose: () => void;
  onDone: () => void;
}

interface LectureForm {
  title: string;
  when: string;
  minutes: string;
  isRecorded: boolean;
}

/** Schedules a lecture, or edits one that has not started. */
export function LectureDialog({ courseId, lecture, onClose, onDone }: LectureDialogProps) {
  const [form, setForm] = useState(() => formOf(lecture));
  const [whenProblem, setWhenProblem] = useState<string>();
  const save = useAction(async () => {
    const scheduledAt = fromLocalInput(form.when);
    const problem = whenProblemOf(scheduledAt, lecture);
    setWhenProblem(problem);
    if (problem !== undefined || scheduledAt === null) return;
    const minutes = Number.parseInt(form.minutes, 10);
    const body = { title: form.title, scheduledAt, durationMinutes: Number.isNaN(minutes) ? null : minutes, isRecorded: form.isRecorded };
    if (lecture) await api.updateLecture({ params: { lectureId: lecture.id }, body });
    else await api.scheduleLecture({ params: { courseId }, body });
    showToast({ text: lecture ? text.course.saved : text.course.scheduled });
    onDone();
  });
  return (
    <Dialog title={lecture ? text.course.edit : text.course.schedule} onClose={onClose}>
      <ActionForm action={save}>
        <TextField
          label={text.course.lectureTitle}
          hint={text.course.lectureTitleHint}
          required
          value={form.title}
          error={save.fieldProblem('title')}
          onValue={(title) => setForm({ ...form, title })}
        />
        <TextField
          label={text.course.when}
          type="datetime-local"
          required
          value={form.when}
          min={toLocalInput(new Date(serverClock.nowMs()))}
          error={whenProblem ?? save.fieldProblem('scheduledAt')}
          onValue={(when) => setForm({ ...form, when })}
        />
        <TextField
          label={text.course.duration}
          type="number"
          inputMode="numeric"
          min="1"
          value={form.minutes}
          error={save.fieldProblem('durationMinutes')}
          onValue={(minutes) => setForm({ ...form, minutes })}
        />
        <Checkbox
          label={text.course.recorded}
          hint={text.course.recordedHint}
          isChecked={form.isRecorded}
          onChecked={(isRecorded) => setForm({ ...form, isRecorded })}
        />
        <DialogActions>
          <Button onClick={onClose}>{text.actions.cancel}</Button>
          <Button type="submit" variant="primary" isBusy={save.isBusy}>
            {lecture ? text.actions.save : text.course.scheduleDo}
          </Button>
        </DialogActions>
      </ActionForm>
    </Dialog>
  );
}

function formOf(lecture: LectureView | undefined): LectureForm {
  return {
    title: lecture?.title ?? '',
    when: lecture?.scheduledAt ? toLocalInput(new Date(lecture.scheduledAt)) : nextHour(),
    minutes: lecture?.durationMinutes ? String(lecture.durationMinutes) : '90',
    isRecorded: lecture?.isRecorded ?? true,
  };
}

/** A lecture that is late keeps its time while something else is changed. */
function whenProblemOf(scheduledAt: string | null, lecture: LectureView | undefined): string | undefined {
  if (scheduledAt === null) return text.course.whenWrong;
  const isChanged = toLocalInput(new Date(scheduledAt)) !== formOf(lecture).when || !lecture;
  return isChanged && Date.parse(scheduledAt) < serverClock.nowMs() ? text.course.whenPast : undefined;
}

const hourMs = 3600_000;

function nextHour(): string {
  return `${toLocalInput(new Date(serverClock.nowMs() + hourMs)).slice(0, 'yyyy-mm-ddThh'.length)}:00`;
}
