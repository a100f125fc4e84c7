import * as z from 'zod';

/** Settings of the lecture itself. */
export const lectureConfig = z.object({
  LECTERN_GRACE_SECONDS: z.coerce
    .number()
    .int()
    .min(5)
    .max(3600)
    .default(300)
    .describe('Time after which a lecture without video and audio ends. It is twelve times as long while an instructor is in the room, or while the server is down.'),
});
export type LectureConfig = z.infer<typeof lectureConfig>;
