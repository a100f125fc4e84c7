import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '#engine/kernel';
import { bodyRefusalCloseMs, maxDrainedBytes } from '../limits.ts';

/**
 * Ends the connection of a request that was answered before all of its body was here, as a body that is too large is.
 * Node would read it to its end otherwise, however long that is.
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
