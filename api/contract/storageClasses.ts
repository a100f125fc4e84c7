import * as z from 'zod';
import { CourseId, Instant } from '#engine/contract';
import { StorageClass } from '#recorder/contract';
import { VideoParams } from './content.ts';
import { maxStoragePageSize, storagePageSize } from './limits.ts';
import { NextCursor, pageQuery } from './paging.ts';
import { route } from './route.ts';
import { SiteSettings, SiteSettingsChange } from './siteSettings.ts';

const fields = { infrequentAfterDays: true, archiveAfterDays: true, storageCurrency: true, standardPrice: true, infrequentPrice: true, archivePrice: true } as const;

/** The settings of the site about storage classes. The page of all settings changes them as well. */
export const StorageClassSettings = SiteSettings.pick(fields);
export type StorageClassSettings = z.infer<typeof StorageClassSettings>;

const Version = z.number().int().min(0).describe('Of the settings of the site.');

const ClassSettingsState = z.object({
  version: Version,
  settings: StorageClassSettings,
  restoreHours: z.number().int().min(0).describe('How long it takes at most until an archived video can be watched again. 0: minutes.'),
});

/** Where a video is stored, and how it comes back from the archive. */
export const StorageOutlook = z.object({
  storageClass: StorageClass,
  requestedAt: Instant.nullable().describe('When somebody asked for it first; null: nobody has, or it is back.'),
  restoreHours: z.number().int().min(0).describe('How long it takes at most. 0: minutes.'),
  readyBy: Instant.nullable().describe('When it can be watched at the latest; null unless it was requested.'),
});
export type StorageOutlook = z.infer<typeof StorageOutlook>;

const Bytes = z.number().int().min(0);

/** What is stored in each class. */
export const ClassAmounts = z.object({ standard: Bytes, infrequent: Bytes, archive: Bytes });
export type ClassAmounts = z.infer<typeof ClassAmounts>;

const Report = ClassAmounts.extend({ bytes: Bytes, videos: z.number().int().min(0), monthlyCost: z.number().min(0).nullable().describe('In the currency of the settings. Null while a class that is used has no price.') });

export const CourseStorageReport = Report.extend({ course: z.object({ id: CourseId, title: z.string().nullable().describe('Null when the course no longer exists.') }) });
export type CourseStorageReport = z.infer<typeof CourseStorageReport>;

export const StorageDay = ClassAmounts.extend({ day: z.string().describe('UTC: 2030-01-31.'), videos: z.number().int().min(0) });
export type StorageDay = z.infer<typeof StorageDay>;

export const storageClassRoutes = {
  getStorageClasses: route({
    method: 'GET',
    path: '/api/v1/admin/storage-classes',
    response: ClassSettingsState,
    auth: 'admin',
    summary: 'Get after how many days without a view videos move to another storage class, and what the classes cost.',
  }),
  setStorageClasses: route({
    method: 'PUT',
    path: '/api/v1/admin/storage-classes',
    body: z.object({ version: Version, settings: SiteSettingsChange.pick(fields) }),
    response: ClassSettingsState,
    auth: 'admin',
    summary: 'Change the rules and prices of the storage classes. A class that the object store does not have is refused.',
  }),
  getStorageReport: route({
    method: 'GET',
    path: '/api/v1/admin/storage-classes/report',
    query: pageQuery({ size: storagePageSize, maxSize: maxStoragePageSize, filters: { days: z.coerce.number<number>().int().min(1).max(1100).default(90).describe('How far back the days go.') } }),
    response: z.object({
      currency: z.string(),
      total: Report,
      courses: z.array(CourseStorageReport),
      days: z.array(StorageDay).describe('What the site stored, day by day.'),
      measuredAt: Instant.nullable().describe('A background job measures it every hour. Null before the first time.'),
      nextCursor: NextCursor,
    }),
    auth: 'admin',
    summary: 'Get what is stored in each storage class and what it costs in a month: in all, day by day, and by course, the largest first.',
  }),
  unarchiveVideo: route({
    method: 'POST',
    path: '/api/v1/content/:videoId/storage/restore',
    params: VideoParams,
    response: StorageOutlook,
    auth: 'user',
    summary: 'Ask for a video that is in the archive. You get an e-mail when it can be watched. A video that is not archived stays as it is.',
  }),
};
