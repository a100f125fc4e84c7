import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { CodedError } from '#engine/contract';
import { RequestError } from './RequestError.ts';

const unpackers = { gzip: createGunzip, 'x-gzip': createGunzip, deflate: createInflate, br: createBrotliDecompress } as const;

/**
 * The whole body, decompressed. A body that is too large is refused as soon as that is known, and the rest of it is not
 * read: the connection closes after the response (`limitBodySize`).
 * @throws CodedError `request.tooLarge`, `request.invalid`
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (request.destroyed && !request.complete) return Promise.reject(brokenOff());
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return Promise.reject(tooLarge(maxBytes));
  return new Promise((resolve, reject) => {
    const source = unpacked(request);
    const chunks: Buffer[] = [];
    let bytes = 0;
    const fail = (error: CodedError) => {
      source.removeAllListeners('data').pause();
      request.unpipe();
      if (source !== request) source.destroy();
      reject(error);
    };
    source.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) fail(tooLarge(maxBytes));
      else chunks.push(chunk);
    });
    source.once('end', () => resolve(Buffer.concat(chunks)));
    source.once('error', () => fail(new RequestError([{ path: '', message: 'The body cannot be unpacked.' }])));
    request.once('close', () => {
      if (!request.complete) fail(brokenOff());
    });
  });
}

function brokenOff(): RequestError {
  return new RequestError([{ path: '', message: 'The body broke off.' }]);
}

function unpacked(request: IncomingMessage): Readable {
  const encoding = (request.headers['content-encoding'] ?? 'identity').toLowerCase();
  if (encoding === 'identity') return request;
  if (!Object.hasOwn(unpackers, encoding)) throw new RequestError([{ path: '', message: 'Send the body as it is, or packed with gzip, deflate or br.' }]);
  return request.pipe(unpackers[encoding as keyof typeof unpackers]());
}

function tooLarge(maxBytes: number): CodedError {
  const limit = maxBytes < 2 ** 20 ? `${maxBytes / 1024} kB` : `${maxBytes / 2 ** 20} MB`;
  return new CodedError('request.tooLarge', `This is too large to send: the limit is ${limit}. Shorten it and try again.`);
}
