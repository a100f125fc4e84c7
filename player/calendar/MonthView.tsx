import { useEffect, useRef } from 'preact/hooks';
import { formatMoment } from '../text/format.ts';
import { text } from '../text/index.ts';
import { dayTitle } from './AgendaView.tsx';
import type { CalendarDays } from './calendarState.ts';
import { dayAfterKey } from './calendarState.ts';
import { LectureChip } from './LectureChip.tsx';
import { weeksOfMonth } from './zonedTime.ts';

/** Lectures of a day that fit its cell. */
const maxChips = 3;

interface MonthViewProps {
  calendar: CalendarDays;
  /** The chosen day. */
  date: string;
  firstWeekday: number;
  onDate: (date: string) => void;
  /** Opens the week of the chosen day. */
  onWeek: () => void;
}

/** A month as a grid. The chosen day is the one that Tab reaches; the arrow keys choose another one (ARIA grid pattern). */
export function MonthView({ calendar, date, firstWeekday, onDate, onWeek }: MonthViewProps) {
  const weeks = weeksOfMonth(date, firstWeekday);
  const grid = useRef<HTMLTableElement>(null);
  const wasMoved = useRef(false);
  useEffect(() => {
    if (wasMoved.current) grid.current?.querySelector<HTMLElement>(`[data-date="${date}"]`)?.focus();
    wasMoved.current = false;
  }, [date]);

  function onKey(event: KeyboardEvent) {
    if ((event.target as HTMLElement).closest('a')) return;
    const isRightToLeft = document.documentElement.dir === 'rtl';
    const next = dayAfterKey(date, event.key, isRightToLeft);
    if (event.key === 'Enter') onWeek();
    if (next === undefined) return;
    event.preventDefault();
    wasMoved.current = true;
    onDate(next);
  }

  return (
    <table class="calendar__month" role="grid" aria-label={text.calendar.title} ref={grid} onKeyDown={onKey}>
      <thead>
        <tr>
          {weeks[0]?.map((day) => (
            <th key={day} scope="col" abbr={formatMoment(`${day}T12:00:00Z`, { timeZone: 'UTC', weekday: 'long' })}>
              {formatMoment(`${day}T12:00:00Z`, { timeZone: 'UTC', weekday: 'short' })}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((week) => (
          <tr key={week[0]}>
            {week.map((day) => (
              <DayCell key={day} day={day} isChosen={day === date} isOutside={day.slice(0, 7) !== date.slice(0, 7)} calendar={calendar} onDate={onDate} onWeek={onWeek} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface DayCellProps extends Pick<MonthViewProps, 'calendar' | 'onDate' | 'onWeek'> {
  day: string;
  isChosen: boolean;
  isOutside: boolean;
}

function DayCell({ day, isChosen, isOutside, calendar, onDate, onWeek }: DayCellProps) {
  const lectures = calendar.days.get(day) ?? [];
  const shown = lectures.slice(0, lectures.length > maxChips ? maxChips - 1 : maxChips);
  return (
    <td
      class={`${isOutside ? 'calendar__outside' : ''} ${day === calendar.today ? 'calendar__cell--today' : ''}`}
      data-date={day}
      tabIndex={isChosen ? 0 : -1}
      aria-selected={isChosen}
      aria-current={day === calendar.today ? 'date' : undefined}
      aria-label={`${dayTitle(day, calendar.today)}, ${text.calendar.lectures(lectures.length)}`}
      onClick={(event) => {
        if (!(event.target as HTMLElement).closest('a, button')) onDate(day);
      }}
    >
      <span class="calendar__number tabular">{Number(day.slice(8))}</span>
      {shown.map((lecture) => (
        <LectureChip key={lecture.id} lecture={lecture} calendar={calendar} />
      ))}
      {lectures.length > shown.length ? (
        <button
          type="button"
          class="calendar__more"
          onClick={() => {
            onDate(day);
            onWeek();
          }}
        >
          {text.calendar.more(lectures.length - shown.length)}
        </button>
      ) : null}
    </td>
  );
}
