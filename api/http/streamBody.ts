import type { IncomingMessage } from 'node:http';
import { RequestError } from './RequestError.ts';
import { CodedError } from '#engine/contract';

/**
 * The body of a request piece by piece, for a handler that stores it. One whose length is known to be too large is refused before it is
 * read. @throws CodedError `request.tooLarge`, `request.invalid`; also while it is read
 */
export function streamBody(request: IncomingMessage, maxBytes: number): AsyncIterable<Uint8Array> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw new CodedError('request.tooLarge', `This is too large to send: the limit is ${Math.floor(maxBytes / 2 ** 20)} MB. Shorten it and try again.`);
  if ((request.headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') throw new RequestError([{ path: '', message: 'Send the file as it is, not packed.' }]);
  return pieces(request);
}

async function* pieces(request: IncomingMessage): AsyncGenerator<Uint8Array> {
  // The response is sent on the same socket: a handler that stops reading must not close it.
  const source = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
  try {
    for await (const piece of source) yield piece;
  } catch (cause) {
    throw request.complete ? cause : new RequestError([{ path: '', message: 'The body broke off.' }]);
  }
}
