import { Select, TextField } from '../design/index.ts';
import { formatMoment, regionalLocale } from '../text/format.ts';
import { text } from '../text/index.ts';
import { addDays, firstWeekdayOf, startOfWeek } from '../calendar/zonedTime.ts';
import type { LectureForm } from './lectureForm.ts';
import './schedule.css';

interface SeriesFieldsProps {
  form: LectureForm;
  onForm: (form: LectureForm) => void;
  /** Of the server, by the field. */
  problemOf: (field: string) => string | undefined;
  /** A series that exists keeps its first date. */
  isNew: boolean;
}

/** Days, time and end of a weekly series. */
export function SeriesFields({ form, onForm, problemOf, isNew }: SeriesFieldsProps) {
  return (
    <>
      <Weekdays chosen={form.weekdays} problem={problemOf('weekdays')} onChosen={(weekdays) => onForm({ ...form, weekdays })} />
      <div class="schedule__pair">
        <TextField label={text.schedule.startTime} type="time" required value={form.startTime} error={problemOf('startTime')} onValue={(startTime) => onForm({ ...form, startTime })} />
        {isNew ? <TextField label={text.schedule.firstDate} type="date" required value={form.firstDate} error={problemOf('firstDate')} onValue={(firstDate) => onForm({ ...form, firstDate })} /> : null}
      </div>
      <div class="schedule__pair">
        <Select
          label={text.schedule.ends}
          value={form.ends}
          choices={[{ value: 'after', label: text.schedule.endsAfter }, { value: 'on', label: text.schedule.endsOn }]}
          onValue={(ends) => onForm({ ...form, ends: ends === 'on' ? 'on' : 'after' })}
        />
        {form.ends === 'on' ? (
          <TextField label={text.schedule.untilDate} type="date" required value={form.untilDate} min={form.firstDate} error={problemOf('untilDate')} onValue={(untilDate) => onForm({ ...form, untilDate })} />
        ) : (
          <TextField label={text.schedule.count} type="number" inputMode="numeric" min="1" required value={form.count} error={problemOf('count') ?? problemOf('untilDate')} onValue={(count) => onForm({ ...form, count })} />
        )}
      </div>
    </>
  );
}

function Weekdays({ chosen, problem, onChosen }: { chosen: readonly number[]; problem: string | undefined; onChosen: (weekdays: number[]) => void }) {
  // A week of any year, from the first day of the user's region.
  const first = startOfWeek('2026-01-05', firstWeekdayOf(regionalLocale()));
  const days = Array.from({ length: 7 }, (_, index) => addDays(first, index));
  return (
    <fieldset class="field">
      <legend class="field__label">{text.schedule.weekdays}</legend>
      <div class="schedule__days">
        {days.map((date) => {
          const weekday = new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
          const name = (width: 'long' | 'short') => formatMoment(`${date}T12:00:00Z`, { timeZone: 'UTC', weekday: width });
          return (
            <label key={weekday} class="schedule__day">
              <input
                type="checkbox"
                aria-label={name('long')}
                checked={chosen.includes(weekday)}
                onChange={(event) => onChosen(event.currentTarget.checked ? [...chosen, weekday].sort() : chosen.filter((each) => each !== weekday))}
              />
              <span aria-hidden="true">{name('short')}</span>
            </label>
          );
        })}
      </div>
      {problem ? <span class="field__error">{problem}</span> : null}
    </fieldset>
  );
}
