import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { CodedError } from '#engine/contract';

export function sha256OfBytes(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export async function sha256OfFile(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    return await sha256OfRest(handle);
  } finally {
    await handle.close();
  }
}

const pieceBytes = 256 * 1024;
/** Buffers that no call uses. There are as many as files were read at once. */
const idlePieces: Buffer[] = [];

/** The hash of an open file, from its position to its end. */
export async function sha256OfRest(handle: FileHandle): Promise<string> {
  const hash = createHash('sha256');
  const piece = idlePieces.pop() ?? Buffer.allocUnsafeSlow(pieceBytes);
  try {
    for (;;) {
      const { bytesRead } = await handle.read(piece, 0, pieceBytes, null);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(piece.subarray(0, bytesRead));
    }
  } finally {
    idlePieces.push(piece);
  }
}

export function corruptObject(key: string, details: { expected: string; found: string }): CodedError {
  return new CodedError('object.corrupt', `${key} does not have the expected content.`, { details: { key, ...details } });
}

/**
 * Passes everything on, and fails instead of ending when the content has another hash. The last chunk is held back until
 * the hash is known, so that a reader that counts bytes does not take the content for complete.
 */
export function verifyingStream(key: string, expected: string): Transform {
  const hash = createHash('sha256');
  let last: Buffer | undefined;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      const before = last;
      last = chunk;
      done(null, before);
    },
    flush(done) {
      const found = hash.digest('hex');
      if (found === expected) done(null, last);
      else done(corruptObject(key, { expected, found }));
    },
  });
}
