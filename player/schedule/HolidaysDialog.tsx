import { X } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { maxHolidayNameLength } from '#api/contract';
import type { Holiday } from '#api/contract';
import { ActionForm } from '../app/ActionForm.tsx';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { Button, Dialog, DialogActions, IconButton, showToast, SkeletonList, TextField } from '../design/index.ts';
import { formatMoment } from '../text/format.ts';
import { text } from '../text/index.ts';
import './schedule.css';

interface HolidaysDialogProps {
  courseId: string;
  onClose: () => void;
  onDone: () => void;
}

/** The dates on which the series of a course have no lectures. */
export function HolidaysDialog({ courseId, onClose, onDone }: HolidaysDialogProps) {
  const { data, error, reload } = useLoaded((signal) => api.getSchedule({ params: { courseId } }, { signal }), [courseId]);
  return (
    <Dialog title={text.schedule.holidays} onClose={onClose}>
      <p class="quiet">{text.schedule.holidaysHint}</p>
      {data ? <HolidaysForm courseId={courseId} before={data.holidays} onClose={onClose} onDone={onDone} /> : error ? <LoadFailure error={error} onRetry={reload} /> : <SkeletonList rows={2} />}
    </Dialog>
  );
}

function HolidaysForm({ courseId, before, onClose, onDone }: HolidaysDialogProps & { before: readonly Holiday[] }) {
  const [holidays, setHolidays] = useState<readonly Holiday[]>(before);
  const [added, setAdded] = useState<Holiday>({ date: '', name: '' });
  const withAdded = added.date === '' ? holidays : [...holidays.filter(({ date }) => date !== added.date), added].sort((a, b) => a.date.localeCompare(b.date));
  const save = useAction(async () => {
    await api.setHolidays({ params: { courseId }, body: { holidays: [...withAdded] } });
    showToast({ text: text.schedule.holidaysSaved });
    onDone();
  });
  const dateOf = (date: string) => formatMoment(`${date}T12:00:00Z`, { timeZone: 'UTC', weekday: 'short', day: 'numeric', month: 'long', year: 'numeric' });
  return (
    <ActionForm action={save}>
      {holidays.length === 0 ? <p class="quiet">{text.schedule.noHolidays}</p> : null}
      <ul class="schedule__holidays">
        {holidays.map(({ date, name }) => (
          <li key={date} class="schedule__holiday">
            <span>
              {dateOf(date)} <span class="quiet" dir="auto">{name}</span>
            </span>
            <IconButton label={text.schedule.removeHoliday(dateOf(date))} onClick={() => setHolidays(holidays.filter((each) => each.date !== date))}>
              <X aria-hidden="true" />
            </IconButton>
          </li>
        ))}
      </ul>
      <div class="schedule__new">
        <TextField label={text.schedule.holidayDate} type="date" value={added.date} error={save.fieldProblem('holidays')} onValue={(date) => setAdded({ ...added, date })} />
        <TextField label={text.schedule.holidayName} maxLength={maxHolidayNameLength} value={added.name} onValue={(name) => setAdded({ ...added, name })} />
        <Button
          disabled={added.date === ''}
          onClick={() => {
            setHolidays(withAdded);
            setAdded({ date: '', name: '' });
          }}
        >
          {text.schedule.addHoliday}
        </Button>
      </div>
      <DialogActions>
        <Button onClick={onClose}>{text.actions.cancel}</Button>
        <Button type="submit" variant="primary" isBusy={save.isBusy}>
          {text.actions.save}
        </Button>
      </DialogActions>
    </ActionForm>
  );
}
