import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '#engine/kernel';
import { bodyRefusalCloseMs, maxDrainedBytes } from '../limits.ts';

/**
 * Closes the connection of a request that got its response before its body was complete, such as a body that is too large.
 * Otherwise Node reads the body to its end, whatever its length.
 */
export function limitBodySize(clock: Clock) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    response.once('finish', () => {
      if (request.complete || Number(request.headers['content-length'] ?? Infinity) <= maxDrainedBytes) return;
      const { socket } = request;
      socket.pause();
      socket.end();
      const cancel = clock.after(bodyRefusalCloseMs, () => socket.destroy());
      socket.once('close', cancel);
    });
  };
}
