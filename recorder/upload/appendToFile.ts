import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { Writable } from 'node:stream';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { folderWriteBytes } from './limits.ts';

export interface AppendedSource {
  /** Called when the file is open. */
  open: () => Readable;
  /** Called with each chunk when it was written. */
  release?: (chunk: Buffer) => void;
}

/**
 * Writes a stream, which is opened after the file, into an existing file, from `offset` on. Resolves with its bytes. One that fails
 * leaves no hole: everything before the end of the file was received.
 */
export async function appendToFile(file: string, offset: number, { open: openSource, release = () => undefined }: AppendedSource): Promise<number> {
  const handle = await open(file, 'r+');
  try {
    const appender = new FileAppender(handle, { position: offset, release });
    await pipeline(openSource(), appender);
    return appender.position - offset;
  } finally {
    await handle.close();
  }
}

/** Writes one after the other; what arrives during a write goes into the next one. */
class FileAppender extends Writable {
  position: number;
  readonly #handle: FileHandle;
  readonly #release: (chunk: Buffer) => void;

  constructor(handle: FileHandle, { position, release }: { position: number; release: (chunk: Buffer) => void }) {
    super({ highWaterMark: folderWriteBytes });
    this.#handle = handle;
    this.position = position;
    this.#release = release;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#append([chunk]).then(() => done(), (error: unknown) => done(error as Error));
  }

  override _writev(items: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#append(items.map(({ chunk }) => chunk)).then(() => done(), (error: unknown) => done(error as Error));
  }

  async #append(chunks: readonly Buffer[]): Promise<void> {
    const bytes = chunks.reduce((sum, { length }) => sum + length, 0);
    const { bytesWritten } = await this.#handle.writev(chunks, this.position);
    this.position += bytesWritten;
    if (bytesWritten < bytes) await this.#appendRest(Buffer.concat(chunks).subarray(bytesWritten));
    for (const chunk of chunks) this.#release(chunk);
  }

  /** A nearly full disk takes a part of a write. */
  async #appendRest(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const { bytesWritten } = await this.#handle.write(bytes, at, bytes.length - at, this.position);
      at += bytesWritten;
      this.position += bytesWritten;
    }
  }
}
