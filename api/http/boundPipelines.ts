import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from '#engine/kernel';
import { maxPipelinedRequests } from '../limits.ts';
import { longPipeline, refuseRequest } from './earlyRefusals.ts';

/**
 * Refuses a request on a connection that has too many unanswered requests, and closes the connection. A client that does not
 * read responses would make the server prepare all of them.
 */
export function boundPipelines(listener: RequestListener, logger: Logger): RequestListener {
  const unanswered = new WeakMap<Socket, number>();
  const refused = new WeakSet<Socket>();
  return (request, response) => {
    const { socket } = request;
    if (refused.has(socket)) return;
    const count = (unanswered.get(socket) ?? 0) + 1;
    unanswered.set(socket, count);
    response.once('close', () => unanswered.set(socket, (unanswered.get(socket) ?? 1) - 1));
    if (count <= maxPipelinedRequests) return listener(request, response);
    refused.add(socket);
    response.setHeader('Connection', 'close');
    refuseRequest(longPipeline, { request, response, logger });
  };
}
