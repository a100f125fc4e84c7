import * as z from 'zod';

/** Settings of the recorder; those of the store are in `storage/config.ts`. */
export const recorderConfig = z.object({
  LECTERN_SEGMENT_SECONDS: z.coerce
    .number()
    .min(1)
    .max(6)
    .default(2)
    .describe('How long a segment of a recording is wanted; the picture is cut at the first keyframe after that.'),
  LECTERN_RECORDING_MEMORY_MB: z.coerce
    .number()
    .int()
    .min(8)
    .max(4096)
    .default(64)
    .describe('How much of each recording may wait in memory while the disk takes nothing.'),
  LECTERN_UPLOADS: z.coerce.number().int().min(1).max(64).default(4).describe('Segments on their way to the store at once.'),
});
export type RecorderConfig = z.infer<typeof recorderConfig>;
