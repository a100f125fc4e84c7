import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { folderWriteBytes } from './limits.ts';
import { PartQueue } from './PartQueue.ts';

export interface AppendedSource {
  /** Called when the file is open. */
  open: () => Readable;
  /** Called with each chunk when it was copied. */
  release?: (chunk: Buffer) => void;
}

/**
 * Writes a stream, which is opened after the file, into an existing file, from `offset` on. Resolves with its bytes. One that fails leaves no hole: everything before the
 * end of the file was received. Chunks are collected in buffers that are used again: kept until they are written, the chunks of a
 * fast upload would make the garbage collector run all the time.
 */
export async function appendToFile(file: string, offset: number, { open: openSource, release }: AppendedSource): Promise<number> {
  const handle = await open(file, 'r+');
  try {
    let position = offset;
    let written = Promise.resolve();
    const write = async (bytes: Uint8Array) => {
      for (let at = 0; at < bytes.length; ) {
        const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, position);
        at += bytesWritten;
        position += bytesWritten;
      }
    };
    // One after the other, while the next buffer is filled.
    const send = (part: Buffer) => (written = written.then(() => write(part)));
    const queue = new PartQueue({ partBytes: folderWriteBytes, parallel: 2, firstNumber: 0, rest: undefined, send, ...(release && { release }) });
    await pipeline(openSource(), queue);
    await write(queue.rest);
    return position - offset;
  } finally {
    await handle.close();
  }
}
