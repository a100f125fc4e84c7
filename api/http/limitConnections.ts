import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from '#engine/kernel';
import type { WebServer } from './createServer.ts';

/**
 * Keeps the connections of a server below a number. When there are too many, the one that has been idle longest leaves; if
 * none is idle, the one whose last request began first. WebSockets stay: signaling limits them. Call it when every other
 * part has been attached to the server.
 */
export function limitConnections(server: WebServer, { maxConnections, logger }: { maxConnections: number; logger: Logger }): void {
  // By address and port, because a request knows only the TLS socket of its connection. The first in order leaves first.
  const idle = new Map<string, Socket>();
  const busy = new Map<string, { socket: Socket; pending: number }>();
  const upgraded = new Set<string>();
  let hasWarned = false;

  const forget = (key: string) => {
    idle.delete(key);
    busy.delete(key);
    upgraded.delete(key);
  };
  const makeRoom = () => {
    if (!hasWarned) logger.warn({ maxConnections }, 'connection.limitReached');
    hasWarned = true;
    const [oldestIdle] = idle.keys();
    const [oldestBusy] = busy.keys();
    // The newest connection is idle too: it leaves only if there is no other.
    const key = idle.size === 1 ? (oldestBusy ?? oldestIdle) : oldestIdle;
    if (key === undefined) return;
    const socket = idle.get(key) ?? busy.get(key)?.socket;
    forget(key);
    socket?.destroy();
  };

  server.on('connection', (socket: Socket) => {
    const key = keyOf(socket);
    idle.set(key, socket);
    socket.once('close', () => {
      if (idle.get(key) === socket || busy.get(key)?.socket === socket || upgraded.has(key)) forget(key);
    });
    if (idle.size + busy.size + upgraded.size > maxConnections) makeRoom();
  });
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    const key = keyOf(request.socket);
    const known = busy.get(key);
    const socket = known?.socket ?? idle.get(key);
    if (!socket) return;
    const connection = { socket, pending: (known?.pending ?? 0) + 1 };
    forget(key);
    busy.set(key, connection);
    response.once('close', () => {
      const now = busy.get(key);
      if (now?.socket !== socket) return;
      now.pending -= 1;
      if (now.pending > 0) return;
      busy.delete(key);
      idle.set(key, socket);
    });
  });
  // A listener of its own would make Node accept upgrades that nobody handles.
  if (server.listenerCount('upgrade') === 0) return;
  server.prependListener('upgrade', (request: IncomingMessage) => {
    const key = keyOf(request.socket);
    if (!idle.has(key) && !busy.has(key)) return;
    forget(key);
    upgraded.add(key);
  });
}

function keyOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress ?? ''} ${remotePort ?? ''}`;
}
