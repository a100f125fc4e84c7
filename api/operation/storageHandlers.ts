import { CourseId } from '#engine/contract';
import type { StorageUsage } from '#recorder';
import type { Handlers } from '../access/index.ts';
import type { storageRoutes } from '../contract/index.ts';
import type { MaterialStore } from '../materials/MaterialStore.ts';
import type { CourseStore } from '../courses/CourseStore.ts';
import { readPage } from '../paging/index.ts';

export interface StorageHandlersOptions {
  usage: StorageUsage;
  courses: Pick<CourseStore, 'findMany'>;
  materials: Pick<MaterialStore, 'bytesOf'>;
}

export function storageHandlers({ usage, courses, materials }: StorageHandlersOptions): Handlers<keyof typeof storageRoutes> {
  return {
    listStorage: async ({ query }) => {
      const [{ rows, nextCursor }, total] = await Promise.all([readPage(usage.courses, { list: 'storage', filter: { isCourse: true }, sortBy: 'bytes', direction: -1, cursor: query.cursor, limit: query.limit }), usage.total()]);
      const titles = new Map((await courses.findMany(rows.map(({ _id }) => CourseId.parse(_id)))).map(({ _id, title }) => [_id, title]));
      const materialBytes = await materials.bytesOf([...rows.map(({ _id }) => _id), 'site']);
      return {
        courses: rows.map(({ _id, bytes, objects, recordings }) => ({ course: { id: _id, title: titles.get(_id) ?? null }, bytes, objects, recordings, materialBytes: materialBytes.get(_id) ?? 0 })),
        total: { bytes: total?.bytes ?? 0, objects: total?.objects ?? 0, recordings: total?.recordings ?? 0, materialBytes: materialBytes.get('site') ?? 0 },
        measuredAt: total?.measuredAt ?? null,
        nextCursor,
      };
    },
  };
}
