import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '#engine/kernel';

/** Reading the rest of a shorter body costs less than a new connection. */
const drainedBytes = 256 * 1024;
/** Time for the client to read the response. */
const farewellMs = 1000;

/**
 * Closes the connection of a request that got its response before its body was complete, such as a body that is too large.
 * Otherwise Node reads the body to its end, whatever its length.
 */
export function limitBodySize(clock: Clock) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    response.once('finish', () => {
      if (request.complete || Number(request.headers['content-length'] ?? Infinity) <= drainedBytes) return;
      const { socket } = request;
      socket.pause();
      socket.end();
      const cancel = clock.after(farewellMs, () => socket.destroy());
      socket.once('close', cancel);
    });
  };
}
