import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CodedError } from '#engine/contract';

export function sha256OfBytes(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
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
