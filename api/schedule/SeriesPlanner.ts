import type { LecturePlans, LectureRow } from '#engine';
import { CodedError } from '#engine/contract';
import type { CourseId, UserId } from '#engine/contract';
import { toInstant } from '#engine/kernel';
import { maxSeriesOfCourse } from '../contract/index.ts';
import type { Holiday, PreviewedDate, SeriesForm, SeriesScope } from '../contract/index.ts';
import type { CoursePlanner } from './CoursePlanner.ts';
import { momentOf } from './localTime.ts';
import { isFixed, seriesChanges } from './seriesChanges.ts';
import type { SeriesChanges } from './seriesChanges.ts';
import { dayBefore, pairDates, seriesDates } from './seriesDates.ts';
import type { SeriesRow, SeriesStore } from './SeriesStore.ts';

export interface SeriesPlannerOptions {
  store: SeriesStore;
  planner: CoursePlanner;
  plans: LecturePlans;
}

/** A lecture in its series. */
export interface PlaceInSeries {
  courseId: CourseId;
  seriesId: string;
  date: string;
}

export type SeriesEdit = { [K in keyof SeriesForm]?: SeriesForm[K] | undefined };

/** Schedules weekly series, and keeps their lectures in step with their rules and with the holidays of the course. */
export class SeriesPlanner {
  readonly #options: SeriesPlannerOptions;

  constructor(options: SeriesPlannerOptions) {
    this.#options = options;
  }

  /** The dates that a series would have. `seriesId`: the one that is edited, or null. */
  async preview({ courseId, seriesId }: { courseId: CourseId; seriesId: string | null }, form: SeriesForm, timeZone: string): Promise<PreviewedDate[]> {
    const { store, planner } = this.#options;
    const holidays = new Map((await store.holidaysOf(courseId)).map(({ date, name }) => [date, name]));
    const dates = seriesDates(form).map((date) => ({ date, ...momentOf(date, form.startTime, timeZone) }));
    const free = dates.filter(({ date, atMs }) => !holidays.has(date) && !form.skippedDates.includes(date) && atMs > planner.nowMs);
    const lectures = free.map(({ date, atMs }) => ({ date, title: form.title, durationMinutes: form.durationMinutes, scheduledAt: toInstant(atMs) }));
    const overlaps = new Map((await planner.overlapsOf({ courseId, seriesId }, lectures)).map(({ lecture, other }) => [lecture.date, other.title]));
    const changes = { skipped: 'movedByClockChange', repeated: 'firstOfTwo' } as const;
    return dates.map(({ date, atMs, clockChange }) => {
      const at = { date, startsAt: toInstant(atMs) };
      if (form.skippedDates.includes(date)) return { ...at, note: 'skipped', detail: null };
      if (holidays.has(date)) return { ...at, note: 'holiday', detail: holidays.get(date) ?? null };
      if (atMs <= planner.nowMs) return { ...at, note: 'past', detail: null };
      if (overlaps.has(date)) return { ...at, note: 'overlapping', detail: overlaps.get(date) ?? null };
      return { ...at, note: clockChange && changes[clockChange], detail: null };
    });
  }

  /** @throws CodedError `lecture.overlapping`, `request.invalid` */
  async create(courseId: CourseId, form: SeriesForm, createdBy: UserId): Promise<SeriesRow> {
    const { store, planner } = this.#options;
    return planner.change(courseId, async ({ timeZone }) => {
      if ((await store.ofCourse(courseId)).length >= maxSeriesOfCourse) throw new CodedError('limit.reached', `A course has at most ${maxSeriesOfCourse} series. Delete one that is over.`);
      const series = store.newRow({ ...form, courseId, createdBy, createdAt: toInstant(planner.nowMs) });
      const changes = await this.#changes(series, [], timeZone);
      if (changes.added.length === 0) throw new CodedError('lecture.timePassed', 'No date of this series is left: all are in the past, skipped, or holidays.', { details: { field: 'firstDate' } });
      await planner.requirePossible(courseId, [changes], timeZone);
      await store.put(series);
      try {
        await planner.addAll(changes.added, series._id);
      } catch (err) {
        await store.remove(series._id);
        throw err;
      }
      return series;
    });
  }

  /** Changes all of a series, or this lecture and the later ones, which become a series of their own. @throws CodedError `series.notFound`, `lecture.overlapping`, `request.invalid` */
  async update({ courseId, seriesId, date }: PlaceInSeries, edit: SeriesEdit, scope: SeriesScope): Promise<SeriesRow> {
    const { store, planner, plans } = this.#options;
    return planner.change(courseId, async ({ timeZone }) => {
      const before = await store.get(seriesId);
      const earlier = seriesDates(before).filter((each) => each < date);
      const rows = await plans.ofSeries(seriesId);
      if (scope === 'all' || earlier.length === 0) {
        const series = edited(before, before, edit);
        const changes = await this.#changes(series, rows, timeZone);
        await planner.requirePossible(courseId, [changes], timeZone);
        await store.put(series);
        await planner.apply(changes);
        return series;
      }
      const rest = { ...before, firstDate: date, count: before.count === null ? null : before.count - earlier.length };
      const series = store.newRow({ ...edited(rest, rest, edit), createdAt: toInstant(planner.nowMs) });
      const later = rows.filter((row) => (row.series?.date ?? '') >= date && !isFixed(row, planner.nowMs));
      const changes = await this.#changes(series, later, timeZone);
      await planner.requirePossible(courseId, [changes], timeZone);
      await store.put(series);
      await planner.apply(changes);
      await store.put(endedBefore(before, date));
      return series;
    });
  }

  /** Cancels the lectures that are still to come, from this one on or all of them. */
  async delete({ courseId, seriesId, date }: PlaceInSeries, scope: SeriesScope): Promise<void> {
    const { store, planner, plans } = this.#options;
    await planner.change(courseId, async () => {
      const series = await store.get(seriesId);
      const isFirst = !seriesDates(series).some((each) => each < date);
      const rows = (await plans.ofSeries(seriesId)).filter((row) => !isFixed(row, planner.nowMs) && (scope === 'all' || (row.series?.date ?? '') >= date));
      for (const row of rows) await planner.cancel(row);
      if (scope === 'all' || isFirst) await store.remove(seriesId);
      else await store.put(endedBefore(series, date));
    });
  }

  /** Cancels one lecture; its series skips the date from then on. */
  async skip(row: LectureRow): Promise<void> {
    const { store, planner } = this.#options;
    const place = row.series;
    await planner.cancel(row);
    const series = place && (await store.ofCourse(row.courseId)).find(({ _id }) => _id === place.seriesId);
    if (series) await store.put({ ...series, skippedDates: [...new Set([...series.skippedDates, place.date])] });
  }

  async setHolidays(courseId: CourseId, holidays: readonly Holiday[]): Promise<void> {
    const byDate = [...new Map(holidays.map((holiday) => [holiday.date, holiday])).values()].sort((a, b) => a.date.localeCompare(b.date));
    await this.#follow(courseId, { newHolidays: byDate });
  }

  /**
   * Changes the time zone of a course by `update`: the lectures of its series stay at their local times.
   * @throws CodedError `lecture.overlapping` when they would be at the same time as others; then nothing is changed
   */
  async changeTimeZone(courseId: CourseId, timeZone: string, update: () => Promise<unknown>): Promise<void> {
    await this.#follow(courseId, { timeZone, update });
  }

  async #follow(courseId: CourseId, { newHolidays, update, ...given }: { newHolidays?: readonly Holiday[]; timeZone?: string; update?: () => Promise<unknown> }): Promise<void> {
    const { store, planner, plans } = this.#options;
    await planner.change(courseId, async (course) => {
      const timeZone = given.timeZone ?? course.timeZone;
      const holidays = new Set((newHolidays ?? (await store.holidaysOf(courseId))).map(({ date }) => date));
      const all: SeriesChanges[] = [];
      for (const series of await store.ofCourse(courseId)) all.push(seriesChanges({ series, rows: await plans.ofSeries(series._id), timeZone, holidays, nowMs: planner.nowMs }));
      await planner.requirePossible(courseId, all, timeZone);
      if (newHolidays) await store.setHolidays(courseId, newHolidays);
      await update?.();
      for (const changes of all) await planner.apply(changes);
    });
  }

  async #changes(series: SeriesRow, rows: readonly LectureRow[], timeZone: string): Promise<SeriesChanges> {
    const { store, planner } = this.#options;
    const holidays = new Set((await store.holidaysOf(series.courseId)).map(({ date }) => date));
    return seriesChanges({ series, rows, timeZone, holidays, nowMs: planner.nowMs });
  }
}

/** The series after an edit. Skipped dates move with the dates of their weeks. */
function edited(series: SeriesRow, before: SeriesRow, edit: SeriesEdit): SeriesRow {
  const given = Object.fromEntries(Object.entries(edit).filter(([, value]) => value !== undefined)) as Partial<SeriesForm>;
  const after: SeriesRow = { ...series, ...given };
  if (given.untilDate != null && given.count === undefined) after.count = null;
  if (given.count != null && given.untilDate === undefined) after.untilDate = null;
  if (given.skippedDates === undefined) {
    const pairs = pairDates(seriesDates({ ...before, firstDate: series.firstDate }), seriesDates(after));
    after.skippedDates = before.skippedDates.flatMap((date) => pairs.get(date) ?? []);
  }
  return after;
}

function endedBefore(series: SeriesRow, date: string): SeriesRow {
  return { ...series, count: null, untilDate: dayBefore(date) };
}
