import { CodedError, isCoded } from '#engine/contract';
import { randomText } from '#engine/kernel';
import type { StorageClass } from '#recorder/contract';
import { sha256OfBytes } from '#recorder';
import type { ObjectStore } from '#recorder';
import type { SiteSettings } from '../contract/index.ts';

/**
 * Tries a class with a small object before a rule that uses it is turned on: a server without classes ignores them.
 * @throws CodedError `request.invalid` that names the setting
 */
export function requireStorageClasses(objects: ObjectStore): (before: SiteSettings, after: SiteSettings) => Promise<void> {
  return async (before, after) => {
    if (before.infrequentAfterDays === null && after.infrequentAfterDays !== null) await requireClass(objects, { storageClass: 'infrequent', field: 'infrequentAfterDays' });
    if (before.archiveAfterDays === null && after.archiveAfterDays !== null) await requireClass(objects, { storageClass: 'archive', field: 'archiveAfterDays' });
  };
}

async function requireClass(objects: ObjectStore, { storageClass, field }: { storageClass: StorageClass; field: string }): Promise<void> {
  const key = `probe/${randomText(20)}`;
  const bytes = new Uint8Array([1]);
  try {
    await objects.put(key, { bytes }, { contentType: 'application/octet-stream', sha256: sha256OfBytes(bytes) });
    await objects.setClass(key, storageClass);
  } catch (err) {
    if (!isCoded(err, 'storageClass.unsupported')) throw err;
    throw new CodedError('request.invalid', 'The object store does not have this storage class. Set its name in the settings of the server (LECTERN_S3_INFREQUENT_CLASS, LECTERN_S3_ARCHIVE_CLASS), or leave the rule off.', { cause: err, details: { field } });
  } finally {
    await objects.delete(key);
  }
}
