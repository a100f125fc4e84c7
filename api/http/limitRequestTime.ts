import type { IncomingMessage, Server } from 'node:http';

/**
 * Ends requests whose body is not complete in time, as Node's `requestTimeout` does, which knows no exceptions. The time begins with the
 * end of the headers.
 */
export function limitRequestTime(server: Server, { requestMs, isLong }: { requestMs: number; isLong: (request: IncomingMessage) => boolean }): void {
  server.prependListener('request', (request: IncomingMessage) => {
    if (request.complete || isLong(request)) return;
    const timer = setTimeout(() => {
      if (!request.complete) server.emit('clientError', Object.assign(new Error('the request took too long'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), request.socket);
    }, requestMs);
    for (const event of ['end', 'close']) request.once(event, () => clearTimeout(timer));
  });
}
