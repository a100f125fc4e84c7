import type { IncomingMessage } from 'node:http';

/**
 * Drops what a handler has not read of a body, which Node does only for bodies that nobody has begun to read. What is too much to be
 * dropped ends the connection (`limitBodySize`).
 */
export function leaveBody(request: IncomingMessage): void {
  if (request.readableEnded) return;
  for (const event of ['data', 'readable']) request.removeAllListeners(event);
  request.resume();
}
