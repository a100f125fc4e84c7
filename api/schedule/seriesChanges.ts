import type { LectureRow, NewLecture, SeriesField } from '#engine';
import { LectureId } from '#engine/contract';
import { fromInstant, toInstant } from '#engine/kernel';
import { momentOf } from './localTime.ts';
import { pairDates, seriesDates } from './seriesDates.ts';
import type { SeriesRow } from './SeriesStore.ts';

export interface LectureUpdate {
  lectureId: LectureId;
  change: Partial<Pick<NewLecture, SeriesField>> & Pick<NewLecture, 'series'>;
  /** The lecture as it will be. */
  after: LectureRow;
}

/** What has to happen to the lectures of a series so that they follow its rule. */
export interface SeriesChanges {
  added: readonly NewLecture[];
  updated: readonly LectureUpdate[];
  cancelled: readonly LectureRow[];
  /** Lectures that are as the rule wants them, or that can no longer change. */
  kept: readonly LectureRow[];
}

export interface SeriesPlan {
  series: SeriesRow;
  /** The lectures that are or become lectures of the series. */
  rows: readonly LectureRow[];
  timeZone: string;
  holidays: ReadonlySet<string>;
  nowMs: number;
}

/** A lecture that was held, is live or should have begun. */
export function isFixed({ state, scheduledAt }: LectureRow, nowMs: number): boolean {
  return state !== 'scheduled' || scheduledAt === null || fromInstant(scheduledAt) <= nowMs;
}

/**
 * Compares the lectures of a series with its rule. A lecture keeps its id where its date stays or moves within its week. Fixed
 * lectures never change, and stand for the date of their week. What was changed in one lecture alone stays.
 */
export function seriesChanges({ series, rows, timeZone, holidays, nowMs }: SeriesPlan): SeriesChanges {
  // A lecture that was moved to another time is no longer on the holiday.
  const moved = new Set(rows.filter(({ series: place }) => place?.ownFields.includes('scheduledAt')).map(placeOf));
  const isSkipped = (date: string) => series.skippedDates.includes(date) || (holidays.has(date) && !moved.has(date));
  const dates = seriesDates(series).filter((date) => !isSkipped(date));
  const pairs = pairDates(rows.map(placeOf), dates);
  const startOf = (date: string) => momentOf(date, series.startTime, timeZone).atMs;
  const changes = { added: [] as NewLecture[], updated: [] as LectureUpdate[], cancelled: [] as LectureRow[], kept: [] as LectureRow[] };
  for (const row of rows) {
    const date = pairs.get(placeOf(row));
    if (isFixed(row, nowMs)) changes.kept.push(row);
    else if (date === undefined) changes.cancelled.push(row);
    else {
      const update = updateOf(row, series, { date, scheduledAt: toInstant(startOf(date)) });
      if (update) changes.updated.push(update);
      else changes.kept.push(row);
    }
  }
  const taken = new Set(pairs.values());
  for (const date of dates) {
    if (taken.has(date) || startOf(date) <= nowMs) continue;
    changes.added.push({ ...fieldsOf(series, toInstant(startOf(date))), courseId: series.courseId, createdBy: series.createdBy, series: { seriesId: series._id, date, ownFields: [] } });
  }
  return changes;
}

function updateOf(row: LectureRow, series: SeriesRow, { date, scheduledAt }: { date: string; scheduledAt: string }): LectureUpdate | undefined {
  const ownFields = row.series?.ownFields ?? [];
  const place = { seriesId: series._id, date, ownFields };
  const wanted = Object.entries(fieldsOf(series, scheduledAt)).filter(([field, value]) => !ownFields.includes(field as SeriesField) && row[field as SeriesField] !== value);
  const isMoved = row.series?.seriesId !== place.seriesId || row.series.date !== date;
  if (wanted.length === 0 && !isMoved) return undefined;
  const change = { ...(Object.fromEntries(wanted) as Partial<Pick<NewLecture, SeriesField>>), series: place };
  return { lectureId: LectureId.parse(row._id), change, after: { ...row, ...change } };
}

function fieldsOf({ title, durationMinutes, isRecorded }: SeriesRow, scheduledAt: string): Pick<NewLecture, SeriesField> {
  return { title, scheduledAt, durationMinutes, isRecorded };
}

function placeOf(row: LectureRow): string {
  return row.series?.date ?? '';
}
