import { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';

/**
 * What gives the memory of a chunk back at once, after it was stored or copied: for the body of a request, whose chunks nobody else uses. The
 * garbage collector would run over the whole heap for every 64 MB of them, because it sees their memory and not that they are short-lived.
 */
export function releaserOf(source: Readable | undefined): (chunk: Buffer) => void {
  return source instanceof IncomingMessage ? release : () => undefined;
}

function release({ buffer, byteLength }: Buffer): void {
  // A smaller chunk may share its memory with others.
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
