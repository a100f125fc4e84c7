import * as z from 'zod';
import { Lecture, RecordId, VideoId } from '#engine/contract';

/** A date without a time, `YYYY-MM-DD`. */
export const PlainDate = z.iso.date('Enter a date such as 2026-11-30.');

/** A lecture with its course, its video and its people. */
export const LectureView = Lecture.extend({
  courseTitle: z.string(),
  durationMinutes: z.number().int().nullable().describe('Planned duration; null when there is none.'),
  videoId: VideoId.nullable().describe('The video of its recording, from the first segment on; null without one.'),
  series: z
    .object({
      seriesId: RecordId,
      date: PlainDate.describe('The date for which the series planned it, in the time zone of the course.'),
      isChanged: z.boolean().describe('Something was changed in this lecture alone.'),
    })
    .nullable()
    .describe('The series of a lecture; null for one that was scheduled singly.'),
  participantCount: z.number().int().describe('People in the live room.'),
});
export type LectureView = z.infer<typeof LectureView>;
