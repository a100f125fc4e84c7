import { CourseId } from '#engine/contract';
import { toInstant } from '#engine/kernel';
import type { Clock, JobQueue } from '#engine/kernel';
import { outlookOf, restoreJob } from '#recorder';
import type { ClassBytes, ClassUsage, ObjectStore, Restores } from '#recorder';
import type { Handlers } from '../access/index.ts';
import type { SiteSettings, storageClassRoutes, StorageClassSettings } from '../contract/index.ts';
import type { CourseStore } from '../courses/CourseStore.ts';
import { dayMs } from '../limits.ts';
import { readPage } from '../paging/index.ts';
import { settingsHandlers } from '../settings/index.ts';
import type { SiteSettingsSource } from '../settings/index.ts';
import { monthlyCost } from './monthlyCost.ts';
import { requireStorageClasses } from './requireStorageClasses.ts';

export interface StorageClassHandlersOptions {
  settings: SiteSettingsSource;
  usage: ClassUsage;
  restores: Restores;
  objects: ObjectStore;
  jobs: JobQueue;
  courses: Pick<CourseStore, 'findMany'>;
  clock: Clock;
}

export function storageClassHandlers({ settings, usage, restores, objects, jobs, courses, clock }: StorageClassHandlersOptions): Handlers<keyof typeof storageClassRoutes> {
  // Of these handlers only the change is used.
  const { updateSettings } = settingsHandlers({ settings, sendsMail: false, clock, requirePossible: requireStorageClasses(objects) });
  const reported = (amounts: ClassBytes & { bytes: number; videos: number }) => {
    const { bytes, videos, standard, infrequent, archive } = amounts;
    return { bytes, videos, standard, infrequent, archive, monthlyCost: monthlyCost(amounts, settings.current) };
  };
  return {
    getStorageClasses: async () => {
      const { version, values } = await settings.read();
      return { version, settings: classSettings(values), restoreHours: objects.restoreHours };
    },
    setStorageClasses: async (call) => {
      const { version, settings: values } = await updateSettings(call);
      return { version, settings: classSettings(values as SiteSettings), restoreHours: objects.restoreHours };
    },
    getStorageReport: async ({ query: { cursor, limit, days } }) => {
      const since = toInstant(clock.nowMs() - days * dayMs).slice(0, 10);
      const [{ rows, nextCursor }, total, history] = await Promise.all([readPage(usage.courses, { list: 'storage.classes', filter: { isCourse: true }, sortBy: 'bytes', direction: -1, cursor, limit }), usage.total(), usage.daysSince(since)]);
      const titles = new Map((await courses.findMany(rows.map(({ _id }) => CourseId.parse(_id)))).map(({ _id, title }) => [_id, title]));
      return {
        currency: settings.current.storageCurrency,
        total: reported(total ?? { bytes: 0, videos: 0, standard: 0, infrequent: 0, archive: 0 }),
        courses: rows.map((row) => ({ course: { id: CourseId.parse(row._id), title: titles.get(row._id) ?? null }, ...reported(row) })),
        days: history.map(({ _id: day, standard, infrequent, archive, videos }) => ({ day, standard, infrequent, archive, videos })),
        measuredAt: total?.measuredAt ?? null,
        nextCursor,
      };
    },
    unarchiveVideo: async ({ params: { videoId }, caller }) => {
      const video = await restores.request(videoId, caller.userId);
      if (video.restoring !== null) await jobs.add(restoreJob, { key: videoId, data: { videoId } });
      return { storageClass: video.storageClass, ...outlookOf(video, objects) };
    },
  };
}

function classSettings({ infrequentAfterDays, archiveAfterDays, storageCurrency, standardPrice, infrequentPrice, archivePrice }: Readonly<SiteSettings>): StorageClassSettings {
  return { infrequentAfterDays, archiveAfterDays, storageCurrency, standardPrice, infrequentPrice, archivePrice };
}
