import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileTypeFromFile } from 'file-type';
import { CodedError } from '#engine/contract';

export interface ReceivedFile {
  /** A temporary file. */
  path: string;
  bytes: number;
  /** Lower-case hex. */
  sha256: string;
  /** By the content; `application/octet-stream` when it is not known. */
  contentType: string;
}

/**
 * Writes a body to a temporary file, which is removed when `use` has settled. At most one chunk of it is in memory.
 * @throws CodedError `request.tooLarge`, `request.invalid` for nothing
 */
export async function receiveFile<T>(body: AsyncIterable<Uint8Array>, maxBytes: number, use: (file: ReceivedFile) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'lectern-material-'));
  try {
    const file = path.join(folder, 'file');
    const hash = createHash('sha256');
    let bytes = 0;
    const counted = async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        bytes += chunk.byteLength;
        if (bytes > maxBytes) throw tooLarge(maxBytes);
        hash.update(chunk);
        yield chunk;
      }
    };
    await pipeline(body, counted, createWriteStream(file));
    if (bytes === 0) throw new CodedError('request.invalid', 'This file is empty. Choose another one.');
    const type = await fileTypeFromFile(file).catch(() => undefined);
    return await use({ path: file, bytes, sha256: hash.digest('hex'), contentType: type?.mime ?? 'application/octet-stream' });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function tooLarge(maxBytes: number): CodedError {
  return new CodedError('request.tooLarge', `This is too large to send: the limit is ${Math.floor(maxBytes / 2 ** 20)} MB. Shorten it and try again.`);
}
