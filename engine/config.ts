import * as z from 'zod';

/** Settings of a lecture. */
export const lectureConfig = z.object({
  LECTERN_GRACE_SECONDS: z.coerce
    .number()
    .int()
    .min(5)
    .max(3600)
    .default(300)
    .describe('Grace period: seconds without media after which a lecture ends by itself. Twelve times as long while an instructor is in the room or the server is down.'),
});
export type LectureConfig = z.infer<typeof lectureConfig>;
