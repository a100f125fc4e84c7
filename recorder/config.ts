import * as z from 'zod';

/** Settings of the recorder; those of the store are in `storage/config.ts`. */
export const recorderConfig = z.object({
  LECTERN_SEGMENT_SECONDS: z.coerce
    .number()
    .min(1)
    .max(6)
    .default(2)
    .describe('Wanted length of the segments of a recording. Video segments end at the next keyframe.'),
  LECTERN_RECORDING_MEMORY_MB: z.coerce
    .number()
    .int()
    .min(8)
    .max(4096)
    .default(64)
    .describe('How much of each recording may wait in memory while the disk fails.'),
  LECTERN_DISK_RESERVE_MB: z.coerce
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .default(128)
    .describe('Recording pauses when less than this would stay free on the disk, so that chat, accounts and sign-in keep working.'),
  LECTERN_UPLOADS: z.coerce.number().int().min(1).max(64).default(8).describe('Segments uploaded in parallel. Video with audio has one segment a second, so a store that takes 5 s for each needs 5.'),
});
export type RecorderConfig = z.infer<typeof recorderConfig>;
