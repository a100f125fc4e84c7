import type { Server as HttpServer } from 'node:http';
import { Server } from 'socket.io';
import type { CourseRoles, LectureRegistry } from '#engine';
import type { Clock, Logger, TokenSigner } from '#engine/kernel';
import type { SignalingConfig } from './config.ts';
import type { Connection } from './Connection.ts';
import { maxPacketBytes, signalingNamespace } from './contract/index.ts';
import type { ClientToServer, ServerToClient } from './contract/index.ts';
import { Rooms } from './Rooms.ts';
import { emitPush, serveSocket } from './SocketSession.ts';
import { SpentTickets } from './SpentTickets.ts';
import type { RoomSocket } from './SocketSession.ts';

export interface SignalingOptions {
  httpServer: HttpServer;
  registry: LectureRegistry;
  /** Asked whenever someone enters: a ticket may be older than the last change of an enrolment. */
  courseRoles: CourseRoles;
  tokens: TokenSigner;
  clock: Clock;
  logger: Logger;
  config: SignalingConfig;
}

/** A dead network is noticed within the sum of both. */
const pingIntervalMs = 5000;
const pingTimeoutMs = 5000;
/** Connections on their way in or out, which are no sockets of the room; their handshakes have limits of their own. */
const spareConnections = 1000;
/** Time for the last push to leave before the socket is closed. */
const farewellMs = 200;

/** The live room over Socket.IO. Owns the Socket.IO server on top of the HTTP server it was given. */
export interface SignalingServer {
  readonly connectionCount: number;
  /** Tells everyone that the server stops, then closes every socket. */
  close(): Promise<void>;
}

export function createSignaling(options: SignalingOptions): SignalingServer {
  const { httpServer, registry, courseRoles, tokens, clock, logger, config } = options;
  const spentTickets = new SpentTickets(clock);
  const io = new Server<ClientToServer, ServerToClient>(httpServer, {
    maxHttpBufferSize: maxPacketBytes,
    pingInterval: pingIntervalMs,
    pingTimeout: pingTimeoutMs,
    connectTimeout: 10_000,
    allowRequest: (_request, decide) => decide(null, io.engine.clientsCount < config.LECTERN_MAX_CONNECTIONS + spareConnections),
    serveClient: false,
    perMessageDeflate: false,
  });
  const sockets = new Map<Connection, RoomSocket>();
  const namespace = io.of(signalingNamespace);
  const rooms = new Rooms(clock, {
    admit: (connection, lectureId) => void sockets.get(connection)?.join(lectureId),
    release: (connection, lectureId) => void sockets.get(connection)?.leave(lectureId),
    tell: (lectureId, { name, data, except }) => emitPush(namespace.to(lectureId).except((except && sockets.get(except)?.id) ?? []), name, data),
    hangUp: (connection) => {
      const socket = sockets.get(connection);
      if (socket) clock.after(farewellMs, () => socket.disconnect(true));
    },
  });

  // Socket.IO has a root namespace of its own, where a socket could sit for ever without counting.
  io.on('connection', (socket) => socket.disconnect(true));
  namespace.use((_socket, next) => {
    if (sockets.size < config.LECTERN_MAX_CONNECTIONS) return next();
    logger.warn({ sockets: sockets.size }, 'socket.refused');
    next(new Error('server.busy'));
  });
  namespace.on('connection', (socket) => {
    const connection = serveSocket(socket, { registry, courseRoles, tokens, spentTickets, rooms, clock, logger });
    sockets.set(connection, socket);
    socket.on('disconnect', () => sockets.delete(connection));
  });

  return {
    get connectionCount() {
      return sockets.size;
    },
    async close() {
      rooms.close();
      await new Promise<void>((resolve) => {
        clock.after(farewellMs, resolve);
      });
      // `io.close()` would close the HTTP server, which is another's, and wait for browsers that have connected and ask nothing.
      io.disconnectSockets(true);
      namespace.disconnectSockets(true);
      io.engine.close();
    },
  };
}
