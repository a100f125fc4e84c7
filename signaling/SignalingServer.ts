import type { Server as HttpServer } from 'node:http';
import { Server } from 'socket.io';
import type { Namespace } from 'socket.io';
import { AccessPolicy } from '#engine';
import type { CourseRoles, LectureRegistry } from '#engine';
import type { Clock, Logger, TokenSigner } from '#engine/kernel';
import type { SignalingConfig } from './config.ts';
import type { Connection } from './Connection.ts';
import { maxPacketBytes, signalingNamespace } from './contract/index.ts';
import type { ClientToServer, ServerToClient } from './contract/index.ts';
import { limitConnection } from './limitConnection.ts';
import { closeDelayMs, connectionHeadroom, namespaceTimeoutMs, pingIntervalMs, pingTimeoutMs } from './limits.ts';
import { Rooms } from './Rooms.ts';
import type { RoomSockets } from './Rooms.ts';
import { ConnectionLimiter } from './ConnectionLimiter.ts';
import { emitPush, serveSocket } from './SocketSession.ts';
import { UsedTickets } from './UsedTickets.ts';
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

type RoomNamespace = Namespace<ClientToServer, ServerToClient>;

/** The live room over Socket.IO. Owns the Socket.IO server on top of the HTTP server it was given. */
export interface SignalingServer {
  readonly connectionCount: number;
  /** Tells everyone that the server stops, then closes every socket. */
  close(): Promise<void>;
}

export function createSignaling(options: SignalingOptions): SignalingServer {
  const { httpServer, registry, courseRoles, tokens, clock, logger, config } = options;
  const usedTickets = new UsedTickets(clock);
  const accessPolicy = new AccessPolicy({ courseRoles, lectures: registry });
  const io = new Server<ClientToServer, ServerToClient>(httpServer, {
    maxHttpBufferSize: maxPacketBytes,
    pingInterval: pingIntervalMs,
    pingTimeout: pingTimeoutMs,
    connectTimeout: namespaceTimeoutMs,
    serveClient: false,
    perMessageDeflate: false,
  });
  const sockets = new Map<Connection, RoomSocket>();
  const seats = new ConnectionLimiter<RoomSocket['conn']>({ seats: config.LECTERN_MAX_CONNECTIONS, headroom: connectionHeadroom });
  const namespace = io.of(signalingNamespace);
  const rooms = new Rooms(clock, roomSockets({ namespace, sockets, seats, clock }));

  io.engine.on('connection', (conn: RoomSocket['conn']) => {
    limitConnection(conn);
    seats.enter(conn);
    conn.once('close', () => seats.leave(conn));
  });
  // Socket.IO has a root namespace of its own, where a socket could sit for ever without counting.
  io.on('connection', (socket) => socket.disconnect(true));
  namespace.use((_socket, next) => {
    if (!seats.isFull) return next();
    logger.warn({ sockets: sockets.size }, 'socket.refused');
    next(new Error('server.busy'));
  });
  namespace.on('connection', (socket) => {
    const connection = serveSocket(socket, { registry, accessPolicy, courseRoles, tokens, usedTickets, rooms, clock, logger });
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
        clock.after(closeDelayMs, resolve);
      });
      // `io.close()` would close the HTTP server, which is another's, and wait for browsers that have connected and ask nothing.
      io.disconnectSockets(true);
      namespace.disconnectSockets(true);
      io.engine.close();
    },
  };
}

function roomSockets({ namespace, sockets, seats, clock }: { namespace: RoomNamespace; sockets: ReadonlyMap<Connection, RoomSocket>; seats: ConnectionLimiter<RoomSocket['conn']>; clock: Clock }): RoomSockets {
  return {
    admit: (connection, lectureId) => {
      const socket = sockets.get(connection);
      if (!socket) return;
      seats.sit(socket.conn);
      void socket.join(lectureId);
    },
    release: (connection, lectureId) => {
      const socket = sockets.get(connection);
      if (!socket) return;
      seats.stand(socket.conn);
      void socket.leave(lectureId);
    },
    tell: (lectureId, { name, data, except }) => emitPush(namespace.to(lectureId).except((except && sockets.get(except)?.id) ?? []), name, data),
    hangUp: (connection) => {
      const socket = sockets.get(connection);
      if (socket) clock.after(closeDelayMs, () => socket.disconnect(true));
    },
  };
}
