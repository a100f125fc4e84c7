import { mkdir, open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';

/** Writes a file only its owner can read, whole or not at all, and on the disk before it returns. */
export async function writeSecretFile(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.draft`;
  const handle = await open(draft, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
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
