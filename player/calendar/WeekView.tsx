import { formatMoment } from '../text/format.ts';
import type { CalendarDays } from './calendarState.ts';
import { LectureChip } from './LectureChip.tsx';
import { daysFrom } from './zonedTime.ts';

/** Seven days beside each other, each with its lectures in order. */
export function WeekView({ calendar, first }: { calendar: CalendarDays; first: string }) {
  return (
    <div class="calendar__week">
      {daysFrom(first, 7).map((date) => (
        <section key={date} class={`calendar__column ${date === calendar.today ? 'calendar__column--today' : ''}`}>
          <h3 class="calendar__weekday">
            {formatMoment(`${date}T12:00:00Z`, { timeZone: 'UTC', weekday: 'short' })}
            <span class="tabular">{Number(date.slice(8))}</span>
          </h3>
          {(calendar.days.get(date) ?? []).map((lecture) => (
            <LectureChip key={lecture.id} lecture={lecture} calendar={calendar} />
          ))}
        </section>
      ))}
    </div>
  );
}
