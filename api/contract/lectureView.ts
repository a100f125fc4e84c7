import * as z from 'zod';
import { Lecture, VideoId } from '#engine/contract';

/** A lecture as the pages show it: the engine's, and what the other stations know about it. */
export const LectureView = Lecture.extend({
  courseTitle: z.string(),
  durationMinutes: z.number().int().nullable().describe('As planned; null when not said.'),
  videoId: VideoId.nullable().describe('Its recording, from the first segment on; null when there is none.'),
  participantCount: z.number().int().describe('Who is in the room now.'),
});
export type LectureView = z.infer<typeof LectureView>;
