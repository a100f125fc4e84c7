import { copyFile, link } from 'node:fs/promises';
import { syncPath, writeDurably } from '#engine/kernel';
import type { ObjectSource } from './ObjectStore.ts';

/** Writes the content to a new file and syncs it. A source file on the same filesystem is linked, not copied. */
export async function writeDraft(draft: string, source: ObjectSource): Promise<void> {
  if ('file' in source) {
    await adoptFile(source.file, draft);
    return syncPath(draft);
  }
  await writeDurably(draft, source.bytes, { flags: 'wx' });
}

async function adoptFile(file: string, draft: string): Promise<void> {
  try {
    await link(file, draft);
  } catch {
    // Another filesystem, or one without links. A real problem occurs again in the copy.
    await copyFile(file, draft);
  }
}
