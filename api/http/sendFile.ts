import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import type { FileContent } from '../contract/index.ts';

/** Sends a file, or 304 to a client that has it. Browsers do not guess another type (`nosniff` is set on every response). */
export async function sendFile(response: Response, { contentType, body, headers }: FileContent): Promise<void> {
  response.setHeader('Cache-Control', 'no-store');
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  const source = streamOf(body);
  if (isKnown(response)) response.status(304).removeHeader('Content-Length');
  else response.status(200).type(contentType);
  if (response.statusCode === 304 || response.req.method === 'HEAD') {
    source.destroy();
    response.end();
    return;
  }
  // The pipeline applies back-pressure, and destroys the source when the client disconnects.
  await pipeline(source, response).catch((error: unknown) => {
    if (!isClientGone(error)) throw error;
  });
}

/** A stream stays itself: destroying it closes its file, also if nothing was read. */
function streamOf(body: FileContent['body']): Readable {
  if (body instanceof Readable) return body;
  return Readable.from(body instanceof Uint8Array ? [body] : body);
}

/** The client names the entity tag of this file (RFC 9110 §13.1.2). */
function isKnown(response: Response): boolean {
  const tag = response.getHeader('ETag');
  const known = response.req.get('if-none-match')?.split(',').map((each) => each.trim().replace(/^W\//, ''));
  return tag !== undefined && known?.includes(String(tag)) === true;
}

function isClientGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}
