import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '#engine/kernel';

/** What is left of a shorter body costs less to read than a new connection. */
const drainedBytes = 256 * 1024;
/** Time for the client to read why. */
const farewellMs = 1000;

/**
 * Ends the connection of a request that was answered before all of its body was here, as a body that is too large is.
 * Node would read it to its end otherwise, however long that is.
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
