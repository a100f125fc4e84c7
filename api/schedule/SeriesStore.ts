import { CodedError, erasedUserId } from '#engine/contract';
import type { CourseId, UserId } from '#engine/contract';
import { newId } from '#engine/kernel';
import type { Collection, Database } from '#engine/kernel';
import type { Holiday } from '../contract/index.ts';
import { maxSeriesOfCourse } from '../contract/index.ts';
import type { SeriesRule } from './seriesDates.ts';

export interface SeriesRow extends SeriesRule {
  _id: string;
  courseId: CourseId;
  title: string;
  durationMinutes: number;
  isRecorded: boolean;
  /** `HH:mm` in the time zone of the course. */
  startTime: string;
  skippedDates: readonly string[];
  createdBy: UserId;
  createdAt: string;
}

interface HolidaysRow {
  /** The course. */
  _id: string;
  holidays: readonly Holiday[];
}

/** The rules of series, and the holidays of courses. Owns the collections `lectureSeries` and `courseHolidays`. The lectures of a series are in `lectures`. */
export class SeriesStore {
  readonly #series: Collection<SeriesRow>;
  readonly #holidays: Collection<HolidaysRow>;

  constructor(database: Database) {
    this.#series = database.collection<SeriesRow>({ name: 'lectureSeries', indexes: [{ keys: { courseId: 1 } }, { keys: { createdBy: 1 } }] });
    this.#holidays = database.collection<HolidaysRow>({ name: 'courseHolidays', indexes: [] });
  }

  newRow(series: Omit<SeriesRow, '_id'>): SeriesRow {
    return { ...series, _id: newId('ser') };
  }

  /** Adds the series, or replaces the one with this id. */
  async put({ _id, ...series }: SeriesRow): Promise<void> {
    await this.#series.replaceOne({ _id }, series, { upsert: true });
  }

  /** @throws CodedError `series.notFound` */
  async get(seriesId: string): Promise<SeriesRow> {
    const row = await this.#series.findOne({ _id: seriesId });
    if (!row) throw new CodedError('series.notFound', 'This series does not exist any more. Reload the page.');
    return row;
  }

  async ofCourse(courseId: CourseId): Promise<SeriesRow[]> {
    return this.#series.find({ courseId }, { limit: maxSeriesOfCourse });
  }

  async remove(seriesId: string): Promise<void> {
    await this.#series.deleteOne({ _id: seriesId });
  }

  /** The earliest first. */
  async holidaysOf(courseId: CourseId): Promise<readonly Holiday[]> {
    return (await this.#holidays.findOne({ _id: courseId }))?.holidays ?? [];
  }

  async setHolidays(courseId: CourseId, holidays: readonly Holiday[]): Promise<void> {
    await this.#holidays.replaceOne({ _id: courseId }, { holidays }, { upsert: true });
  }

  /** Those that a person has made. */
  async madeBy(userId: UserId): Promise<SeriesRow[]> {
    return this.#series.find({ createdBy: userId });
  }

  /** The person is erased; the series stay. */
  async eraseCreator(userId: UserId): Promise<void> {
    await this.#series.updateMany({ createdBy: userId }, { $set: { createdBy: erasedUserId } });
  }

  /** The course is deleted. */
  async forget(courseId: CourseId): Promise<void> {
    await this.#series.deleteMany({ courseId });
    await this.#holidays.deleteOne({ _id: courseId });
  }
}
