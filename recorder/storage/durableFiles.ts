import { copyFile, link, open, stat } from 'node:fs/promises';
import { CodedError } from '#engine/contract';
import type { ObjectSource } from './ObjectStore.ts';
import { isAbsent } from './folderError.ts';

/** Puts the content into a new file that is on the disk when this returns; a file of the same filesystem costs no copy. */
export async function writeDraft(draft: string, source: ObjectSource): Promise<void> {
  if ('file' in source) {
    await adoptFile(source.file, draft);
    return syncFile(draft);
  }
  const handle = await open(draft, 'wx');
  try {
    await handle.writeFile(source.bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function adoptFile(file: string, draft: string): Promise<void> {
  await stat(file).catch((err: unknown) => {
    if (!isAbsent(err)) throw err;
    throw new CodedError('object.notFound', 'The file to store is not there.', { cause: err });
  });
  try {
    await link(file, draft);
  } catch {
    // Another filesystem, or one without links; a real problem shows again in the copy.
    await copyFile(file, draft);
  }
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A new name is on the disk only when its folder is. */
export async function syncFolder(folder: string): Promise<void> {
  await syncFile(folder);
}
