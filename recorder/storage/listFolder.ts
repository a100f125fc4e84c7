import { readdir, stat } from 'node:fs/promises';
import type { Dirent } from 'node:fs';
import path from 'node:path';
import type { FolderClasses } from './FolderClasses.ts';
import type { ListedObject } from './ObjectStore.ts';
import { isAbsent } from './folderError.ts';
import { isObjectKey } from './objectKey.ts';

interface ListRange {
  prefix: string;
  /** Only keys after this one. */
  after: string;
  classes: Pick<FolderClasses, 'namesIn' | 'of'>;
}

/** Lists the files below a folder in the order of their keys, without reading folders that cannot have any in the range. */
export async function* listFolder(root: string, range: ListRange, folder = ''): AsyncGenerator<ListedObject> {
  const classed = await range.classes.namesIn(folder);
  for (const name of await sortedNames(path.join(root, folder))) {
    const key = folder + name;
    if (key.endsWith('/')) {
      if (mayHold(key, range)) yield* listFolder(root, range, key);
    } else if (key.startsWith(range.prefix) && key > range.after && isObjectKey(key)) {
      const found = await sizeOf(path.join(root, key));
      if (found) yield { key, ...found, storageClass: classed.has(name) ? (await range.classes.of(key)).storageClass : 'standard' };
    }
  }
}

function mayHold(folder: string, { prefix, after }: ListRange): boolean {
  const isRelated = folder.startsWith(prefix) || prefix.startsWith(folder);
  return isRelated && !folder.startsWith('.') && (folder > after || after.startsWith(folder));
}

/** Folders are sorted with their slash, as in keys: otherwise `a/x` would come before `a-b`. */
async function sortedNames(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((err: unknown): Dirent[] => {
    if (isAbsent(err)) return [];
    throw err;
  });
  return entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).sort(byCodeUnit);
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : 1;
}

/** A linked file keeps the time of its content; the link itself changes `ctime`. */
async function sizeOf(file: string): Promise<Pick<ListedObject, 'bytes' | 'modifiedAtMs'> | undefined> {
  try {
    const { size, ctimeMs } = await stat(file);
    return { bytes: size, modifiedAtMs: ctimeMs };
  } catch (err) {
    if (isAbsent(err)) return undefined;
    throw err;
  }
}
