import * as z from 'zod';
import { CourseId, Instant, VideoId } from '#engine/contract';
import { route } from './route.ts';

const Count = z.number().int().min(0);

export const SweepReport = z.object({
  isDryRun: z.boolean().describe('Nothing was deleted.'),
  startedAt: Instant,
  finishedAt: Instant,
  objects: Count.describe('All objects of recordings and videos that were looked at.'),
  bytes: Count,
  orphans: z
    .object({
      objects: Count,
      bytes: Count,
      deleted: Count,
      examples: z.array(z.object({ key: z.string(), bytes: Count, modifiedAt: Instant })).describe('At most 100.'),
    })
    .describe('Objects that belong to no recording and no video, and are older than two days.'),
  missing: z
    .object({
      videos: Count,
      objects: Count,
      examples: z.array(z.object({ videoId: VideoId, courseId: CourseId, title: z.string(), objects: Count, key: z.string().describe('One of the missing objects.') })).describe('At most 100.'),
    })
    .describe('Videos some of whose objects are not in the store.'),
  inProgress: Count.describe('Recordings and videos that were being written: they are not judged.'),
});
export type SweepReport = z.infer<typeof SweepReport>;

const SweepState = z.object({
  running: z.object({ isDryRun: z.boolean(), startedAt: Instant, objects: Count.describe('Looked at so far.') }).nullable(),
  last: SweepReport.nullable().describe('Null before the first sweep.'),
});
export type SweepState = z.infer<typeof SweepState>;

export const sweepRoutes = {
  getSweep: route({
    method: 'GET',
    path: '/api/v1/admin/sweep',
    response: SweepState,
    auth: 'admin',
    summary: 'Get the report of the last sweep of the object store, and how far one is that runs.',
  }),
  requestSweep: route({
    method: 'POST',
    path: '/api/v1/admin/sweep',
    body: z.object({ dryRun: z.boolean().default(true).describe('Only find orphaned objects; false: delete them as well.') }),
    response: SweepState,
    auth: 'admin',
    summary: 'Compare the object store with the recordings and videos in a background job: finds objects that belong to nothing, and videos whose objects are missing.',
  }),
};
