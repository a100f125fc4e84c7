import { readFile } from 'node:fs/promises';
import { FlvReader } from '#engine/media';
import type { FlvTag } from '#engine/media';

/** All tags of an FLV file. */
export async function readFlvFile(file: string): Promise<FlvTag[]> {
  const tags: FlvTag[] = [];
  new FlvReader((tag) => tags.push(tag)).push(await readFile(file));
  return tags;
}
