import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';

/** Folder in the data folder for temporary files, such as those of posters. The audit lists files left in it. */
export const workFolderName = 'work';

/** Opens the work folder, without the files of a killed process. */
export async function openWorkFolder(dataFolder: string): Promise<string> {
  const folder = path.join(dataFolder, workFolderName);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  return folder;
}
