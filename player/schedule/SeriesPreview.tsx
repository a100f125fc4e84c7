import { useEffect, useState } from 'preact/hooks';
import type { PreviewedDate, SeriesForm } from '#api/contract';
import { api } from '../app/services.ts';
import { Button } from '../design/index.ts';
import { formatMoment } from '../text/format.ts';
import { text } from '../text/index.ts';
import { sentenceFor } from '../text/sentenceFor.ts';
import './schedule.css';

const waitMs = 300;
/** Dates shown before "Show all". */
const firstShown = 6;

interface SeriesPreviewProps {
  courseId: string;
  seriesId: string | null;
  series: SeriesForm | undefined;
  onSkipped: (dates: string[]) => void;
}

/** The dates that the series will have, with what happens on each. A date can be unticked to skip it. */
export function SeriesPreview({ courseId, seriesId, series, onSkipped }: SeriesPreviewProps) {
  const [dates, setDates] = useState<PreviewedDate[]>([]);
  const [timeZone, setTimeZone] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const [isOpen, setOpen] = useState(false);
  const key = JSON.stringify(series);
  useEffect(() => {
    if (!series) return;
    const controller = new AbortController();
    const timer = setTimeout(() => {
      // The title may still be missing.
      const body = { ...series, title: series.title || text.course.lectureTitle, seriesId };
      api.previewSeries({ params: { courseId }, body }, { signal: controller.signal }).then(
        (preview) => {
          setDates(preview.dates);
          setTimeZone(preview.timeZone);
          setProblem(undefined);
        },
        (error: unknown) => {
          if (!controller.signal.aborted) setProblem(sentenceFor(error));
        },
      );
    }, waitMs);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [courseId, seriesId, key]);
  if (!series) return null;
  const { skippedDates = [] } = series;
  // What is ticked counts at once; the server's note about it follows.
  const isHeld = ({ note, date }: PreviewedDate) => note !== 'holiday' && note !== 'past' && !skippedDates.includes(date);
  const held = dates.filter(isHeld);
  // What needs a decision is always shown.
  const shown = isOpen ? dates : dates.filter(({ note }, index) => index < firstShown || note === 'overlapping');
  return (
    <fieldset class="field schedule__preview">
      <legend class="field__label">
        {text.schedule.dates} <span class="quiet small">{text.schedule.lectureCount(held.length)}</span>
      </legend>
      {problem ? <p class="field__error">{problem}</p> : null}
      <span class="field__hint">{text.schedule.datesHint}</span>
      <ul class="schedule__dates">
        {shown.map((each) => (
          <li key={each.date}>
            <label class="schedule__date">
              <input
                type="checkbox"
                checked={isHeld(each)}
                disabled={each.note === 'holiday' || each.note === 'past'}
                onChange={(event) => onSkipped(event.currentTarget.checked ? skippedDates.filter((date) => date !== each.date) : [...skippedDates, each.date])}
              />
              <span class="tabular">{formatMoment(each.startsAt, { timeZone: timeZone ?? 'UTC', weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: 'numeric', minute: '2-digit' })}</span>
              {each.note ? <span class={`small ${each.note === 'overlapping' ? 'field__error' : 'quiet'}`}>{noteOf(each)}</span> : null}
            </label>
          </li>
        ))}
      </ul>
      {shown.length < dates.length ? (
        <div>
          <Button variant="quiet" onClick={() => setOpen(true)}>
            {text.schedule.showAll(dates.length)}
          </Button>
        </div>
      ) : null}
    </fieldset>
  );
}

function noteOf({ note, detail }: PreviewedDate): string {
  if (note === null) return '';
  return detail ? text.schedule.noted(text.schedule.notes[note], detail) : text.schedule.notes[note];
}
