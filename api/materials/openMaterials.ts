import type { AccessPolicy } from '#engine';
import type { CourseId } from '#engine/contract';
import type { Database } from '#engine/kernel';
import type { ObjectStore } from '#recorder';
import type { LectureDirectory } from '../lectures/LectureDirectory.ts';
import { materialHandlers } from './materialHandlers.ts';
import { Materials, materialsFolder } from './Materials.ts';
import type { MaterialsOptions } from './Materials.ts';
import { MaterialStore } from './MaterialStore.ts';

export interface MaterialPartsOptions extends Pick<MaterialsOptions, 'objects' | 'tokens' | 'logins' | 'videoCatalog' | 'clock' | 'logger'> {
  database: Database;
  directory: Pick<LectureDirectory, 'courseOf'>;
  policy: AccessPolicy;
}

/** The handlers of materials. */
export function materialParts({ database, directory, ...options }: MaterialPartsOptions) {
  return materialHandlers({ materials: new Materials({ ...options, store: new MaterialStore(database), lectures: directory }) });
}

/** Removes the materials of a deleted course with their files. */
export async function forgetMaterialsOf({ database, objects }: { database: Database; objects: Pick<ObjectStore, 'deletePrefix'> }, courseId: CourseId): Promise<void> {
  await objects.deletePrefix(materialsFolder(courseId));
  await new MaterialStore(database).forgetCourse(courseId);
}
