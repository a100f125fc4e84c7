import { open } from 'node:fs/promises';

export interface DurableWriteOptions {
  /** `wx` refuses a file that is there already. */
  flags?: 'w' | 'wx';
  mode?: number;
}

/** The content is on the disk when this resolves. The name of a new file is only when its folder is: `syncPath` it. */
export async function writeDurably(file: string, content: string | Uint8Array, { flags = 'w', mode }: DurableWriteOptions = {}): Promise<void> {
  const handle = await open(file, flags, mode);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Waits until a file's content, or a folder's names, are on the disk. */
export async function syncPath(fileOrFolder: string): Promise<void> {
  const handle = await open(fileOrFolder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
