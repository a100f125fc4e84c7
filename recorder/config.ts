import * as z from 'zod';

/** Settings of the recorder; those of the store are in `storage/config.ts`. */
export const recorderConfig = z.object({
  LECTERN_SEGMENT_SECONDS: z.coerce
    .number()
    .min(1)
    .max(6)
    .default(2)
    .describe('Duration of the segments of a recording. A segment ends at the first keyframe after about this time.'),
  LECTERN_RECORDING_MEMORY_MB: z.coerce
    .number()
    .int()
    .min(8)
    .max(4096)
    .default(64)
    .describe('Memory for each recording while the disk does not accept writes.'),
  LECTERN_DISK_RESERVE_MB: z.coerce
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .default(128)
    .describe('Free disk space that recordings leave. They pause when they would leave less, so that chat, accounts and sign-in keep working.'),
  LECTERN_LANGUAGE: z
    .string()
    .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/, 'must be a BCP 47 language tag, such as en or pt-BR')
    .default('und')
    .describe('Language of the lectures as a BCP 47 tag, such as en or pt-BR, for the playlists of recordings. und: undetermined.'),
  LECTERN_UPLOADS: z.coerce.number().int().min(1).max(64).default(8).describe('Concurrent uploads to the store. A lecture with video and audio makes one segment a second: a store that needs 5 s for each needs 5 uploads.'),
  LECTERN_TRANSCODES: z.coerce.number().int().min(1).max(32).default(1).describe('Parts of videos that this node transcodes at once. They count towards LECTERN_JOBS.'),
  LECTERN_TRANSCODE_RECORDINGS: z
    .enum(['true', 'false'])
    .default('true')
    .transform((value) => value === 'true')
    .describe('Make renditions of lectures in several sizes, with AAC audio, when they have ended. Without them, a lecture is replayed as it was recorded.'),
  LECTERN_TRANSCODE_THREADS: z.coerce.number().int().min(0).max(64).default(0).describe('Threads of each encoder. 0: one for each processor core, at most 8.'),
  LECTERN_TRANSCODE_YIELDS: z
    .enum(['true', 'false'])
    .default('true')
    .transform((value) => value === 'true')
    .describe('Stop transcoding while other work, such as live lectures, needs more than 60 % of the processors. Turn it off on a machine that only transcodes.'),
});
export type RecorderConfig = z.infer<typeof recorderConfig>;
