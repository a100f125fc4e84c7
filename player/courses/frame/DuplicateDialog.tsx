import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { CourseDetail } from '#api/contract';
import { maxShiftWeeks } from '#api/contract';
import { ActionForm } from '../../app/ActionForm.tsx';
import { paths } from '../../app/paths.ts';
import { api } from '../../app/services.ts';
import { useAction } from '../../app/useAction.ts';
import { useLoaded } from '../../app/useLoaded.ts';
import { Button, Checkbox, Dialog, DialogActions, showToast, TextField } from '../../design/index.ts';
import { formatDays } from '../../text/format.ts';
import { text } from '../../text/index.ts';
import { TermFields } from '../settings/TermFields.tsx';
import type { TermForm } from '../settings/TermFields.tsx';
import { termOf } from '../settings/termOf.ts';
import { shiftBetween } from './shiftBetween.ts';

const weekMs = 7 * 24 * 3600_000;

/** Half a year: from one term to the next. */
const usualWeeks = 26;

/** Copies a course as a draft, and opens the copy. */
export function DuplicateDialog({ course, onClose }: { course: CourseDetail; onClose: () => void }) {
  const { route } = useLocation();
  const [title, setTitle] = useState(course.title);
  const [term, setTerm] = useState<TermForm>({ startsOn: '', endsOn: '' });
  const [copiesLectures, setCopiesLectures] = useState(false);
  const [weeks, setWeeks] = useState<string>();
  const suggested = shiftBetween(course.term?.startsOn, term.startsOn) ?? usualWeeks;
  const shownWeeks = weeks ?? String(suggested);
  const { data } = useLoaded((signal) => api.listLectures({ params: { courseId: course.id } }, { signal }), [course.id]);
  const dates = (data?.lectures ?? []).flatMap(({ scheduledAt }) => (scheduledAt === null ? [] : [scheduledAt])).sort();
  const duplicate = useAction(async () => {
    const lectures = copiesLectures ? { shiftWeeks: Number(shownWeeks) } : null;
    const copy = await api.duplicateCourse({ params: { courseId: course.id }, body: { title, term: termOf(term), lectures } });
    showToast({ text: text.courses.duplicated });
    onClose();
    route(paths.course(copy.id));
  });
  return (
    <Dialog title={text.courses.duplicateTitle} onClose={onClose}>
      <ActionForm action={duplicate}>
        <p class="quiet">{text.courses.duplicateIntro}</p>
        <TextField label={text.home.courseTitle} required value={title} error={duplicate.fieldProblem('title')} onValue={setTitle} />
        <TermFields value={term} problemOf={duplicate.fieldProblem} onValue={setTerm} />
        {dates.length > 0 ? <Checkbox label={text.courses.copyLectures} hint={text.courses.copyLecturesHint} isChecked={copiesLectures} onChecked={setCopiesLectures} /> : null}
        {copiesLectures ? (
          <TextField
            label={text.courses.shiftWeeks}
            type="number"
            min={-maxShiftWeeks}
            max={maxShiftWeeks}
            value={shownWeeks}
            error={duplicate.fieldProblem('lectures.shiftWeeks')}
            hint={shiftHint(dates[0], Number(shownWeeks))}
            onValue={setWeeks}
          />
        ) : null}
        <DialogActions>
          <Button onClick={onClose}>{text.actions.cancel}</Button>
          <Button type="submit" variant="primary" isBusy={duplicate.isBusy}>
            {text.courses.duplicateDo}
          </Button>
        </DialogActions>
      </ActionForm>
    </Dialog>
  );
}

function shiftHint(first: string | undefined, weeks: number): string | undefined {
  if (first === undefined || !Number.isInteger(weeks) || Math.abs(weeks) > maxShiftWeeks) return undefined;
  const [from, to] = [Date.parse(first), Date.parse(first) + weeks * weekMs].map((atMs) => new Date(atMs).toISOString().slice(0, 10));
  return from && to ? text.courses.shiftedTo(formatDays(from, from), formatDays(to, to)) : undefined;
}
