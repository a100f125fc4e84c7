import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { draftSuffix } from '../capture/Spool.ts';
import { draftFolder } from '../storage/FolderObjectStore.ts';
import type { ObjectStore } from '../storage/ObjectStore.ts';

export interface ListedFiles {
  /** Keys, and paths that are no valid keys. */
  stored: string[];
  spooled: string[];
  /** Files that were written in part. */
  drafts: string[];
}

export interface ListFilesOptions {
  store: ObjectStore;
  /** The folder of the objects, if the store is a folder. Then files without a valid key are listed, too. */
  storeFolder: string | undefined;
  spoolFolder: string;
  workFolder: string;
}

/** Lists all files in store and spool, known or not. */
export async function listFiles({ store, storeFolder, spoolFolder, workFolder }: ListFilesOptions): Promise<ListedFiles> {
  const stored = storeFolder === undefined ? await objectsIn(store) : await filesIn(storeFolder);
  const spooled = await filesIn(spoolFolder);
  const isStoreDraft = (name: string) => storeFolder !== undefined && name.startsWith(`${draftFolder}/`);
  return {
    stored: stored.filter((name) => !isStoreDraft(name)),
    spooled: spooled.filter((name) => !name.endsWith(draftSuffix)),
    drafts: [...stored.filter(isStoreDraft), ...spooled.filter((name) => name.endsWith(draftSuffix)), ...(await filesIn(workFolder))],
  };
}

async function objectsIn(store: ObjectStore): Promise<string[]> {
  const keys: string[] = [];
  for (let after: string | undefined; ; ) {
    const page = await store.list('', { after });
    keys.push(...page.objects.map(({ key }) => key));
    if (page.next === null) return keys;
    after = page.next;
  }
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => !entry.isDirectory());
    return files.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/')).sort();
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw err;
  }
}
