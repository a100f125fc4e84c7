import { mkdir, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { syncPath, writeDurably } from './durableFiles.ts';

/** Writes a file only its owner can read, whole or not at all, and on the disk before it returns. */
export async function writeSecretFile(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.draft`;
  await writeDurably(draft, text, { mode: 0o600 });
  await rename(draft, file);
  await syncPath(path.dirname(file));
}

/** Reads the secret, or makes it with `generate` on the first run. */
export async function openSecretFile(file: string, generate: () => string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code !== 'ENOENT') throw err;
  }
  const secret = generate();
  await writeSecretFile(file, secret);
  return secret;
}
