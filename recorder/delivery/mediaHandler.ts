import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable, pipeline } from 'node:stream';
import { background } from '#engine/kernel';
import type { Logger } from '#engine/kernel';
import type { MediaAnswer, MediaRequest } from './mediaAnswer.ts';
import type { MediaDelivery } from './MediaDelivery.ts';

/** `/media/<token>/<path>`, or without its first segment where a web server has taken that off. */
const mediaUrl = /^(?:\/media)?\/([^/?]+)\/([^?]*)(?:\?.*)?$/;

/** Serves everything below `/media`. The log never sees the address, as the token in it is a key. */
export function mediaHandler(delivery: Pick<MediaDelivery, 'serve'>, logger: Logger): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    background('media.serve', handle(request, response), logger);
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const asked = mediaRequest(request);
      send(asked ? await delivery.serve(asked) : { status: 404, headers: { 'content-length': '0' }, body: null }, response);
    } catch (err) {
      if (!response.headersSent) response.writeHead(500, { 'content-length': '0', 'cache-control': 'no-store' });
      response.end();
      throw err;
    }
  }

  function send({ status, headers, body }: MediaAnswer, response: ServerResponse): void {
    response.writeHead(status, headers);
    if (!(body instanceof Readable)) {
      response.end(body);
      return;
    }
    pipeline(body, response, (err) => {
      // The reader left, which they may; or the file or the store failed, and the short answer tells the player so.
      if (err && err.code !== 'ERR_STREAM_PREMATURE_CLOSE') logger.warn({ err }, 'media.interrupted');
    });
  }
}

function mediaRequest({ method = '', url = '', headers }: IncomingMessage): MediaRequest | undefined {
  const [, token, path] = mediaUrl.exec(url) ?? [];
  if (token === undefined || path === undefined) return undefined;
  return {
    method,
    token,
    path,
    range: headers.range,
    ifRange: single(headers['if-range']),
    ifNoneMatch: headers['if-none-match'],
    acceptEncoding: single(headers['accept-encoding']),
  };
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(',') : header;
}
