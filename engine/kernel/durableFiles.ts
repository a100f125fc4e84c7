import { open } from 'node:fs/promises';

export interface DurableWriteOptions {
  /** `w` replaces an existing file, `wx` fails with EEXIST. */
  flags?: 'w' | 'wx';
  /** Permissions of a new file. */
  mode?: number;
}

/**
 * Writes a file and flushes it to the disk (fsync). The directory entry of a new file is flushed separately: call
 * `syncPath` on its folder.
 */
export async function writeDurably(file: string, content: string | Uint8Array, { flags = 'w', mode }: DurableWriteOptions = {}): Promise<void> {
  const handle = await open(file, flags, mode);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Flushes a file's content, or a folder's entries, to the disk (fsync). */
export async function syncPath(fileOrFolder: string): Promise<void> {
  const handle = await open(fileOrFolder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
