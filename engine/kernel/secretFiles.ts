import { link, mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { syncPath, writeDurably } from './durableFiles.ts';
import { randomText } from './newId.ts';

/** Undefined when the file does not exist. */
export async function readSecretFile(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw err;
  }
}

/**
 * Reads a secret that only the owner of its file can read. When the file does not exist, creates it with the text that
 * `generate` returns, and its folder. Of several processes that do this at once, one creates it, and all return its text.
 */
export async function createSecretFile(file: string, generate: () => string): Promise<string> {
  const known = await readSecretFile(file);
  if (known !== undefined) return known;
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomText(10)}`;
  try {
    await writeDurably(draft, generate(), { mode: 0o600 });
    // Unlike a rename, a link never replaces the file of another process, and the file is complete from the start.
    await link(draft, file);
    await syncPath(path.dirname(file));
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code !== 'EEXIST') throw err;
  } finally {
    await rm(draft, { force: true });
  }
  return readFile(file, 'utf8');
}
