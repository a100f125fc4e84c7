import type { LectureView } from '#api/contract';
import { paths } from '../app/paths.ts';
import { Badge } from '../design/index.ts';
import { formatMoment } from '../text/format.ts';
import { text } from '../text/index.ts';
import type { CalendarDays } from './calendarState.ts';
import { localOf } from './zonedTime.ts';

const isOnAir = ({ state }: LectureView) => state === 'live' || state === 'interrupted';

/** The room of a lecture that is to come or live, and the replay of one that was held; its course where there is no replay. */
export function pathOf(lecture: LectureView): string {
  if (lecture.state !== 'ended') return paths.live(lecture.id);
  return lecture.videoId ? paths.watch(lecture.videoId) : paths.course(lecture.courseId);
}

export function timeOf(scheduledAt: string | null, timeZone: string): string {
  return scheduledAt === null ? '' : formatMoment(scheduledAt, { timeZone, hour: 'numeric', minute: '2-digit' });
}

/** The time in the zone of the course, where the clocks there show another one. */
export function courseTime({ scheduledAt, courseId }: LectureView, { timeZones, zone }: CalendarDays): string | undefined {
  const courseZone = timeZones[courseId];
  if (scheduledAt === null || courseZone === undefined) return undefined;
  const atMs = Date.parse(scheduledAt);
  const [here, there] = [localOf(atMs, zone), localOf(atMs, courseZone)];
  if (here.time === there.time && here.date === there.date) return undefined;
  const day = here.date === there.date ? {} : ({ weekday: 'short' } as const);
  return text.calendar.inCourseZone(formatMoment(scheduledAt, { timeZone: courseZone, hour: 'numeric', minute: '2-digit', ...day }), courseZone);
}

/** A lecture in a cell of the calendar. */
export function LectureChip({ lecture, calendar }: { lecture: LectureView; calendar: CalendarDays }) {
  const elsewhere = courseTime(lecture, calendar);
  return (
    <a class={`calendar__chip ${isOnAir(lecture) ? 'calendar__chip--live' : ''} ${lecture.state === 'ended' ? 'calendar__chip--ended' : ''}`} href={pathOf(lecture)} title={[lecture.title, lecture.courseTitle, elsewhere].filter(Boolean).join(' · ')}>
      <span class="calendar__time tabular">{timeOf(lecture.scheduledAt, calendar.zone)}</span>
      <span dir="auto">{lecture.title}</span>
      <span class="calendar__course" dir="auto">{lecture.courseTitle}</span>
      {elsewhere ? <span class="calendar__course">{elsewhere}</span> : null}
    </a>
  );
}

/** A lecture in a list of a day. */
export function LectureLine({ lecture, calendar }: { lecture: LectureView; calendar: CalendarDays }) {
  const elsewhere = courseTime(lecture, calendar);
  return (
    <li>
      <a class="calendar__line" href={pathOf(lecture)}>
        <span class="calendar__time tabular">{timeOf(lecture.scheduledAt, calendar.zone)}</span>
        <span class="stack-tight">
          <span class="calendar__name" dir="auto">{lecture.title}</span>
          <span class="quiet small" dir="auto">{[lecture.courseTitle, lecture.durationMinutes === null ? '' : text.course.minutes(lecture.durationMinutes), elsewhere].filter(Boolean).join(' · ')}</span>
        </span>
        {isOnAir(lecture) ? (
          <Badge tone="live" hasDot>
            {text.calendar.live}
          </Badge>
        ) : null}
      </a>
    </li>
  );
}
