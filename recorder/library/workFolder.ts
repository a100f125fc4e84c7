import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';

/** In the data folder: for what is made on the way, such as posters. The audit looks for what was left in it. */
export const workFolderName = 'work';

/** The work folder, without what a killed process left in it. */
export async function openWorkFolder(dataFolder: string): Promise<string> {
  const folder = path.join(dataFolder, workFolderName);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  return folder;
}
