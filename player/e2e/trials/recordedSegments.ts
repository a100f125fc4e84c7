import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { until } from '#engine/testing';

/** How many segments are in the folder store of a server. */
export async function countSegments(dataFolder: string): Promise<number> {
  const names = await readdir(path.join(dataFolder, 'objects'), { recursive: true }).catch(() => []);
  return names.filter((name) => name.endsWith('.m4s')).length;
}

/** Waits until the store has got so many more segments. */
export async function recordingGrows(dataFolder: string, by = 1): Promise<void> {
  const before = await countSegments(dataFolder);
  await until('further segments', async () => (await countSegments(dataFolder)) >= before + by, 60_000);
}
