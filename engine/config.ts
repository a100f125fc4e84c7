import * as z from 'zod';

/** Settings of the lecture itself. */
export const lectureConfig = z.object({
  LECTERN_GRACE_SECONDS: z.coerce
    .number()
    .int()
    .min(5)
    .max(3600)
    .default(300)
    .describe('How long a lecture goes on without any picture or sound before it ends by itself: twelve times as long while an instructor is in its room, or the server is away.'),
});
export type LectureConfig = z.infer<typeof lectureConfig>;
