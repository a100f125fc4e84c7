import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';

const Package = z.object({ version: z.string() });

/** The version of this program, from its package.json. */
export async function lecternVersion(): Promise<string> {
  const file = path.join(import.meta.dirname, '..', '..', 'package.json');
  return Package.parse(JSON.parse(await readFile(file, 'utf8'))).version;
}
