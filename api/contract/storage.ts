import * as z from 'zod';
import { CourseId, Instant } from '#engine/contract';
import { maxStoragePageSize, storagePageSize } from './limits.ts';
import { NextCursor, pageQuery } from './paging.ts';
import { route } from './route.ts';

const Amount = z.object({
  bytes: z.number().int().min(0).describe('Of the recordings in the object store.'),
  objects: z.number().int().min(0),
  recordings: z.number().int().min(0),
  materialBytes: z.number().int().min(0).describe('Of the files of materials, beside the recordings.'),
});

export const CourseStorage = Amount.extend({ course: z.object({ id: CourseId, title: z.string().nullable().describe('Null when the course no longer exists.') }) });
export type CourseStorage = z.infer<typeof CourseStorage>;

export const storageRoutes = {
  listStorage: route({
    method: 'GET',
    path: '/api/v1/storage',
    query: pageQuery({ size: storagePageSize, maxSize: maxStoragePageSize, filters: {} }),
    response: z.object({
      courses: z.array(CourseStorage),
      total: Amount,
      measuredAt: Instant.nullable().describe('A background job measures it every 15 minutes. Null before the first time.'),
      nextCursor: NextCursor,
    }),
    auth: 'admin',
    summary: 'List how much the recordings of each course use of the object store, the most first.',
  }),
};
