import { CalendarPlus, ChevronLeft, ChevronRight } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { serverClock } from '../app/ServerClock.ts';
import { api } from '../app/services.ts';
import { useLoaded, usePolling } from '../app/useLoaded.ts';
import { usePageTitle } from '../app/usePageTitle.ts';
import { Button, IconButton, SkeletonList } from '../design/index.ts';
import { formatMoment, regionalLocale } from '../text/format.ts';
import { text } from '../text/index.ts';
import { useNarrow } from '../vod/useNarrow.ts';
import { AgendaView } from './AgendaView.tsx';
import './calendar.css';
import { byDay, calendarViews, daysShown, spanOf, stepFrom } from './calendarState.ts';
import type { CalendarDays, CalendarView } from './calendarState.ts';
import { FeedDialog } from './FeedDialog.tsx';
import { MonthView } from './MonthView.tsx';
import { viewerZone } from './viewerZone.ts';
import { WeekView } from './WeekView.tsx';
import { addDays, firstWeekdayOf, localOf } from './zonedTime.ts';

const refreshMs = 60_000;

/** The lectures of all courses of the user by month, week or as a list, in the time zone of the user. */
export default function CalendarPage() {
  usePageTitle(text.calendar.title);
  const zone = viewerZone();
  const today = localOf(serverClock.nowMs(), zone).date;
  const isNarrow = useNarrow();
  const [chosen, setView] = useViewInUrl();
  const view = isNarrow ? 'agenda' : chosen;
  const [date, setDate] = useState(today);
  const [isSubscribing, setSubscribing] = useState(false);
  const firstWeekday = firstWeekdayOf(regionalLocale());
  const shown = daysShown(view, date, firstWeekday);
  const { data, error, reload } = useLoaded((signal) => api.getCalendar({ query: spanOf(shown, zone) }, { signal }), [shown.first, shown.before, zone]);
  usePolling(reload, refreshMs);
  useShortcuts({ t: () => setDate(today), m: () => setView('month'), w: () => setView('week'), a: () => setView('agenda') });
  const calendar = data && { days: byDay(data.lectures, zone), timeZones: data.timeZones, zone, today };
  return (
    <div class="page">
      <div class="section__head">
        <h1>{text.calendar.title}</h1>
        <Button onClick={() => setSubscribing(true)}>
          <CalendarPlus aria-hidden="true" size={20} />
          {text.calendar.subscribe}
        </Button>
      </div>
      <div class="calendar__bar">
        <div class="row">
          <IconButton label={text.calendar.earlier[view]} variant="secondary" onClick={() => setDate(stepFrom(view, date, -1))}>
            <ChevronLeft aria-hidden="true" class="calendar__arrow" />
          </IconButton>
          <IconButton label={text.calendar.later[view]} variant="secondary" onClick={() => setDate(stepFrom(view, date, 1))}>
            <ChevronRight aria-hidden="true" class="calendar__arrow" />
          </IconButton>
          <Button onClick={() => setDate(today)}>{text.calendar.today}</Button>
        </div>
        <h2 class="calendar__title" aria-live="polite">{titleOf(view, date, shown)}</h2>
        {isNarrow ? null : <ViewChoice view={view} onView={setView} />}
      </div>
      {calendar ? (
        <Days view={view} calendar={calendar} shown={shown} month={<MonthView calendar={calendar} date={date} firstWeekday={firstWeekday} onDate={setDate} onWeek={() => setView('week')} />} />
      ) : error ? (
        <LoadFailure error={error} onRetry={reload} />
      ) : (
        <SkeletonList rows={5} />
      )}
      <p class="quiet small">
        {text.calendar.zone(zone)} {view === 'month' ? text.calendar.keys : null}
      </p>
      {isSubscribing ? <FeedDialog onClose={() => setSubscribing(false)} /> : null}
    </div>
  );
}

function Days({ view, calendar, shown, month }: { view: CalendarView; calendar: CalendarDays; shown: { first: string; before: string }; month: ComponentChildren }) {
  if (view === 'month') return <>{month}</>;
  return view === 'week' ? <WeekView calendar={calendar} first={shown.first} /> : <AgendaView calendar={calendar} {...shown} />;
}

function ViewChoice({ view, onView }: { view: CalendarView; onView: (view: CalendarView) => void }) {
  return (
    <div class="calendar__views" role="group" aria-label={text.calendar.view}>
      {calendarViews.map((each) => (
        <Button key={each} variant={each === view ? 'primary' : 'secondary'} aria-pressed={each === view} onClick={() => onView(each)}>
          {text.calendar.views[each]}
        </Button>
      ))}
    </div>
  );
}

function titleOf(view: CalendarView, date: string, { first, before }: { first: string; before: string }): string {
  if (view === 'month') return formatMoment(`${date}T12:00:00Z`, { timeZone: 'UTC', month: 'long', year: 'numeric' });
  const day = (each: string) => formatMoment(`${each}T12:00:00Z`, { timeZone: 'UTC', day: 'numeric', month: 'short', year: 'numeric' });
  return `${day(first)} – ${day(addDays(before, -1))}`;
}

/** The view is kept in the address, so that a reload or a bookmark opens it. */
function useViewInUrl(): [CalendarView, (view: CalendarView) => void] {
  const [view, setView] = useState<CalendarView>(() => calendarViews.find((each) => each === new URLSearchParams(location.search).get('view')) ?? 'month');
  return [
    view,
    (next) => {
      setView(next);
      const url = new URL(location.href);
      url.searchParams.set('view', next);
      history.replaceState(history.state, '', url);
    },
  ];
}

/** Single keys, where nobody is typing. */
function useShortcuts(actions: Readonly<Record<string, () => void>>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || target.closest('input, textarea, select, dialog, [role="menu"]')) return;
      const action = actions[event.key.toLowerCase()];
      if (!action) return;
      event.preventDefault();
      action();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  });
}
