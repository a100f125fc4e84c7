import { EmptyState } from '../design/index.ts';
import { formatMoment } from '../text/format.ts';
import { text } from '../text/index.ts';
import type { CalendarDays } from './calendarState.ts';
import { LectureLine } from './LectureChip.tsx';

/** The days with lectures, as a list. */
export function AgendaView({ calendar, first, before }: { calendar: CalendarDays; first: string; before: string }) {
  const days = [...calendar.days].filter(([date]) => date >= first && date < before).sort(([a], [b]) => a.localeCompare(b));
  if (days.length === 0) return <EmptyState title={text.calendar.none}>{text.calendar.noneText}</EmptyState>;
  return (
    <div class="calendar__agenda">
      {days.map(([date, lectures]) => (
        <section key={date} class="calendar__day" aria-labelledby={`day-${date}`}>
          <h3 id={`day-${date}`} class={date === calendar.today ? 'calendar__today' : ''}>
            {dayTitle(date, calendar.today)}
          </h3>
          <ul class="list">
            {lectures.map((lecture) => (
              <LectureLine key={lecture.id} lecture={lecture} calendar={calendar} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

export function dayTitle(date: string, today: string): string {
  const isThisYear = date.slice(0, 4) === today.slice(0, 4);
  const title = formatMoment(`${date}T12:00:00Z`, { timeZone: 'UTC', weekday: 'long', day: 'numeric', month: 'long', ...(isThisYear ? {} : { year: 'numeric' }) });
  return date === today ? `${text.calendar.today}, ${title}` : title;
}
