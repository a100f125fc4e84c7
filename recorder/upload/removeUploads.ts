import type { ObjectStore } from '../storage/index.ts';
import { incomingKeyOf, sourceKeyOf } from './UploadRow.ts';
import type { UploadRow } from './UploadRow.ts';
import type { UploadStore } from './UploadStore.ts';

/**
 * Removes uploads with what they have brought, for a person or a course that is erased. The file of a stored one belongs to its video,
 * and stays. The sweep ends multipart uploads, which then have no row. It may run again after a failure.
 */
export async function removeUploads({ objects, uploads }: { objects: Pick<ObjectStore, 'deleteMany'>; uploads: UploadStore }, rows: readonly UploadRow[]): Promise<void> {
  for (const row of rows) {
    const incoming = incomingKeyOf(row);
    await objects.deleteMany([incoming, `${incoming}.info`, `${incoming}.part`, ...(row.state === 'stored' ? [] : [sourceKeyOf(row)])]);
    await uploads.remove(row._id);
  }
}
