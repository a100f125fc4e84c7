import { mkdir, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { syncPath, writeDurably } from './durableFiles.ts';

/**
 * Writes a file that only its owner can read, and flushes it to the disk. The file is replaced by a rename: it holds the
 * old text or the new text, never a part of one. Its folder is created when missing, for the owner only.
 */
export async function writeSecretFile(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.draft`;
  await writeDurably(draft, text, { mode: 0o600 });
  await rename(draft, file);
  await syncPath(path.dirname(file));
}

/** Reads a secret. When the file does not exist, creates it with the text that `generate` returns. */
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
