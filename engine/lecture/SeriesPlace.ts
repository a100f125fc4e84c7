/** A field of a lecture that its series would give it. */
export type SeriesField = 'title' | 'scheduledAt' | 'durationMinutes' | 'isRecorded';

/** The place of a lecture in a series. */
export interface SeriesPlace {
  seriesId: string;
  /** The date for which the series has planned it, `YYYY-MM-DD` in the time zone of the series. It stays when the lecture is moved alone. */
  date: string;
  /** What was changed in this lecture alone: changes of the series leave it. */
  ownFields: readonly SeriesField[];
}
