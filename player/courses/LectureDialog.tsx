import { useState } from 'preact/hooks';
import type { CourseSchedule, LectureView, Series } from '#api/contract';
import { ActionForm } from '../app/ActionForm.tsx';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { serverClock } from '../app/ServerClock.ts';
import { api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { viewerZone } from '../calendar/viewerZone.ts';
import { localOf } from '../calendar/zonedTime.ts';
import { Button, Checkbox, Dialog, DialogActions, Select, showToast, SkeletonList, TextField } from '../design/index.ts';
import { lectureForm, minutesOf, seriesFormOf, startOf, withSeries } from '../schedule/lectureForm.ts';
import type { LectureForm } from '../schedule/lectureForm.ts';
import { ScopeChoice } from '../schedule/ScopeChoice.tsx';
import type { Scope } from '../schedule/ScopeChoice.tsx';
import { SeriesFields } from '../schedule/SeriesFields.tsx';
import { SeriesPreview } from '../schedule/SeriesPreview.tsx';
import { formatMoment } from '../text/format.ts';
import { text } from '../text/index.ts';

interface LectureDialogProps {
  courseId: string;
  /** The scheduled lecture to edit; without it, a new one is created. */
  lecture?: LectureView;
  onClose: () => void;
  onDone: () => void;
}

/** Schedules a lecture or a weekly series, or edits lectures that have not started: one, it and the following ones, or all of its series. */
export function LectureDialog({ courseId, lecture, onClose, onDone }: LectureDialogProps) {
  const { data, error, reload } = useLoaded((signal) => api.getSchedule({ params: { courseId } }, { signal }), [courseId]);
  return (
    <Dialog title={lecture ? text.course.edit : text.course.schedule} onClose={onClose}>
      {data ? <Form courseId={courseId} {...(lecture && { lecture })} schedule={data} onClose={onClose} onDone={onDone} /> : error ? <LoadFailure error={error} onRetry={reload} /> : <SkeletonList rows={4} />}
    </Dialog>
  );
}

function Form({ courseId, lecture, schedule, onClose, onDone }: LectureDialogProps & { schedule: CourseSchedule }) {
  const { timeZone } = schedule;
  const series = lecture?.series ? schedule.series.find(({ id }) => id === lecture.series?.seriesId) : undefined;
  const [single] = useState(() => lectureForm({ lecture, series: undefined, timeZone, nowMs: serverClock.nowMs() }));
  const [form, setForm] = useState(single);
  const [scope, setScope] = useState<Scope>('one');
  const [whenProblem, setWhenProblem] = useState<string>();
  const isWeekly = form.repeats === 'weekly';
  const save = useAction(async () => {
    if (isWeekly) {
      await saveSeries({ courseId, lecture, form, scope });
      return onDone();
    }
    const scheduledAt = startOf(form, timeZone);
    const problem = whenProblemOf(scheduledAt, form.when !== single.when || !lecture);
    setWhenProblem(problem);
    if (problem !== undefined || scheduledAt === null) return;
    const body = { title: form.title, scheduledAt, durationMinutes: minutesOf(form), isRecorded: form.isRecorded };
    if (lecture) await api.updateLecture({ params: { lectureId: lecture.id }, body });
    else await api.scheduleLecture({ params: { courseId }, body });
    showToast({ text: lecture ? text.course.saved : text.course.scheduled });
    onDone();
  });
  const chooseScope = (next: Scope) => {
    setScope(next);
    setForm(formOfScope(next, { single, series, date: lecture?.series?.date }));
  };
  return (
    <ActionForm action={save}>
      {series ? <ScopeChoice label={text.schedule.scope} scope={scope} onScope={chooseScope} /> : null}
      <TextField label={text.course.lectureTitle} hint={text.course.lectureTitleHint} required value={form.title} error={save.fieldProblem('title')} onValue={(title) => setForm({ ...form, title })} />
      {lecture ? null : (
        <Select
          label={text.schedule.repeats}
          value={form.repeats}
          choices={[{ value: 'once', label: text.schedule.once }, { value: 'weekly', label: text.schedule.weekly }]}
          onValue={(repeats) => setForm({ ...form, repeats: repeats === 'weekly' ? 'weekly' : 'once' })}
        />
      )}
      {isWeekly ? (
        <>
          <SeriesFields form={form} onForm={setForm} problemOf={save.fieldProblem} isNew={!lecture} />
          {timeZone === viewerZone() ? null : <p class="field__hint">{text.schedule.zone(timeZone)}</p>}
        </>
      ) : (
        <TextField
          label={text.course.when}
          hint={zoneHint(form, timeZone)}
          type="datetime-local"
          required
          value={form.when}
          min={whenNow(timeZone)}
          error={whenProblem ?? save.fieldProblem('scheduledAt')}
          onValue={(when) => setForm({ ...form, when })}
        />
      )}
      <TextField label={text.course.duration} type="number" inputMode="numeric" min="1" required={isWeekly} value={form.minutes} error={save.fieldProblem('durationMinutes')} onValue={(minutes) => setForm({ ...form, minutes })} />
      <Checkbox label={text.course.recorded} hint={text.course.recordedHint} isChecked={form.isRecorded} onChecked={(isRecorded) => setForm({ ...form, isRecorded })} />
      {isWeekly ? (
        <SeriesPreview courseId={courseId} seriesId={series?.id ?? null} series={seriesFormOf(form)} onSkipped={(skippedDates) => setForm({ ...form, skippedDates })} />
      ) : null}
      <DialogActions>
        <Button onClick={onClose}>{text.actions.cancel}</Button>
        <Button type="submit" variant="primary" isBusy={save.isBusy}>
          {lecture ? text.actions.save : text.course.scheduleDo}
        </Button>
      </DialogActions>
    </ActionForm>
  );
}

function formOfScope(scope: Scope, { single, series, date }: { single: LectureForm; series: Series | undefined; date: string | undefined }): LectureForm {
  if (scope === 'one' || !series) return single;
  return withSeries(single, series, scope === 'following' ? date : undefined);
}

async function saveSeries({ courseId, lecture, form, scope }: { courseId: string; lecture: LectureView | undefined; form: LectureForm; scope: Scope }): Promise<void> {
  const series = seriesFormOf(form);
  if (!series) return;
  if (!lecture) {
    const { lectures } = await api.createSeries({ params: { courseId }, body: series });
    showToast({ text: text.schedule.created(lectures.length) });
    return;
  }
  const { firstDate: _, ...change } = series;
  if (scope !== 'one') await api.updateSeries({ params: { lectureId: lecture.id }, body: { ...change, scope } });
  showToast({ text: text.schedule.seriesSaved });
}

/** A lecture that is late keeps its time while something else is changed. */
function whenProblemOf(scheduledAt: string | null, isChanged: boolean): string | undefined {
  if (scheduledAt === null) return text.course.whenWrong;
  return isChanged && Date.parse(scheduledAt) < serverClock.nowMs() ? text.course.whenPast : undefined;
}

/** Names the zone of the course, and the time of the user, where they differ. */
function zoneHint(form: LectureForm, timeZone: string): string | undefined {
  if (timeZone === viewerZone()) return undefined;
  const start = startOf(form, timeZone);
  const own = start === null ? undefined : formatMoment(start, { timeZone: viewerZone(), weekday: 'short', day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' });
  return [text.schedule.zone(timeZone), own && text.schedule.yourTime(own)].filter(Boolean).join(' · ');
}

function whenNow(timeZone: string): string {
  const { date, time } = localOf(serverClock.nowMs(), timeZone);
  return `${date}T${time}`;
}
