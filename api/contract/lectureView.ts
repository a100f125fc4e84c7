import * as z from 'zod';
import { Lecture, VideoId } from '#engine/contract';

/** A lecture with its course, its video and its people. */
export const LectureView = Lecture.extend({
  courseTitle: z.string(),
  durationMinutes: z.number().int().nullable().describe('Planned duration; null when there is none.'),
  videoId: VideoId.nullable().describe('The video of its recording, from the first segment on; null without one.'),
  participantCount: z.number().int().describe('People in the live room.'),
});
export type LectureView = z.infer<typeof LectureView>;
