import type { Server as HttpServer } from 'node:http';
import { Server } from 'socket.io';
import type { Namespace } from 'socket.io';
import { AccessPolicy } from '#engine';
import type { CourseRoles, LectureRegistry, OpenLogins } from '#engine';
import { background } from '#engine/kernel';
import type { Clock, Limiting, Logger, Presence, RedisConnection, TokenSigner } from '#engine/kernel';
import type { SignalingConfig } from './config.ts';
import type { Connection } from './Connection.ts';
import { maxPacketBytes, signalingNamespace } from './contract/index.ts';
import type { ClientToServer, ServerToClient } from './contract/index.ts';
import { KeptPlaces } from './KeptPlaces.ts';
import { limitConnection } from './limitConnection.ts';
import { closeDelayMs, connectionHeadroom, namespaceTimeoutMs, pingIntervalMs, pingTimeoutMs } from './limits.ts';
import { PersonBudgets } from './PersonBudgets.ts';
import { Rooms } from './Rooms.ts';
import type { RoomSockets } from './Rooms.ts';
import { openRoomAdapter } from './RoomAdapter.ts';
import { ConnectionLimiter } from './ConnectionLimiter.ts';
import { emitPush, serveSocket } from './SocketSession.ts';
import type { RoomSocket } from './SocketSession.ts';

export interface SignalingOptions {
  httpServer: HttpServer;
  registry: LectureRegistry;
  /** Read at every join: a ticket may be older than the last change of an enrolment. */
  courseRoles: CourseRoles;
  /** A connection ends with the login of its ticket. */
  logins: OpenLogins;
  tokens: TokenSigner;
  /** Of requests and join tickets. */
  limiting: Limiting;
  /** Of the people in the rooms. */
  presence: Presence;
  /** Carries pushes to the rooms of other processes; undefined for a single process. */
  redis?: RedisConnection | undefined;
  clock: Clock;
  logger: Logger;
  config: SignalingConfig;
}

type RoomNamespace = Namespace<ClientToServer, ServerToClient>;

/** The live rooms over Socket.IO. Owns the Socket.IO server, not the HTTP server that it is attached to. */
export interface SignalingServer {
  readonly connectionCount: number;
  /** Sends `room.closed` with `stopping` to everyone, then closes every socket. */
  close(): Promise<void>;
}

export function createSignaling(options: SignalingOptions): SignalingServer {
  const { httpServer, registry, courseRoles, logins, tokens, limiting, presence, redis, clock, logger, config } = options;
  const { tickets } = limiting;
  const places = new KeptPlaces(clock);
  const budgets = new PersonBudgets(limiting.limiters);
  const accessPolicy = new AccessPolicy({ courseRoles, lectures: registry });
  const io = new Server<ClientToServer, ServerToClient>(httpServer, {
    path: config.LECTERN_SIGNALING_PATH,
    maxHttpBufferSize: maxPacketBytes,
    pingInterval: pingIntervalMs,
    pingTimeout: pingTimeoutMs,
    connectTimeout: namespaceTimeoutMs,
    serveClient: false,
    perMessageDeflate: false,
  });
  const adapter = redis && openRoomAdapter({ redis, clock, logger });
  if (adapter) io.adapter(adapter.factory);
  const sockets = new Map<Connection, RoomSocket>();
  const limiter = new ConnectionLimiter<RoomSocket['conn']>({ maxInRooms: config.LECTERN_MAX_CONNECTIONS, headroom: connectionHeadroom });
  const namespace = io.of(signalingNamespace);
  const rooms = new Rooms({ clock, presence, sockets: roomSockets({ namespace, sockets, limiter, clock }) });

  io.engine.on('connection', (conn: RoomSocket['conn']) => {
    limitConnection(conn);
    limiter.add(conn);
    conn.once('close', () => limiter.remove(conn));
  });
  // Socket.IO has a root namespace too, in which a socket could stay without being counted.
  io.on('connection', (socket) => socket.disconnect(true));
  namespace.use((_socket, next) => {
    if (!limiter.isFull) return next();
    logger.warn({ sockets: sockets.size }, 'socket.refused');
    next(new Error('server.busy'));
  });
  namespace.on('connection', (socket) => {
    const connection = serveSocket(socket, { registry, accessPolicy, courseRoles, logins, tokens, tickets, budgets, rooms, places, clock, logger });
    sockets.set(connection, socket);
    socket.on('disconnect', () => sockets.delete(connection));
  });

  const stopWatching = endWithLogins({ logins, sockets, rooms, logger });

  return {
    get connectionCount() {
      return sockets.size;
    },
    async close() {
      stopWatching();
      rooms.close();
      await new Promise<void>((resolve) => {
        clock.after(closeDelayMs, resolve);
      });
      // `io.close()` would close the HTTP server, which has another owner, and wait for connections that send nothing.
      // Local: those of other processes stay.
      io.local.disconnectSockets(true);
      namespace.local.disconnectSockets(true);
      io.engine.close();
      adapter?.close();
    },
  };
}

interface EndWithLoginsOptions {
  logins: OpenLogins;
  sockets: ReadonlyMap<Connection, RoomSocket>;
  rooms: Rooms;
  logger: Logger;
}

/** Ends each connection with the login of its ticket. Returns the function that stops that. */
function endWithLogins({ logins, sockets, rooms, logger }: EndWithLoginsOptions): () => void {
  const stopWatching = logins.onEnded(({ loginId }) => {
    for (const connection of [...sockets.keys()]) if (connection.login?.loginId === loginId) rooms.signOut(connection);
  });
  // Also while it joins: its login may have ended after the join has read it.
  const signOutIfEnded = async (connection: Connection) => {
    const { login } = connection;
    if (login && !(await logins.isOpen(login))) rooms.signOut(connection);
  };
  const stopChecking = logins.onMissed(() => {
    for (const connection of [...sockets.keys()]) background('signaling.checkLogin', signOutIfEnded(connection), logger);
  });
  return () => {
    stopWatching();
    stopChecking();
  };
}

interface RoomSocketsOptions {
  namespace: RoomNamespace;
  sockets: ReadonlyMap<Connection, RoomSocket>;
  limiter: ConnectionLimiter<RoomSocket['conn']>;
  clock: Clock;
}

function roomSockets({ namespace, sockets, limiter, clock }: RoomSocketsOptions): RoomSockets {
  return {
    addToRoom: (connection, lectureId) => {
      const socket = sockets.get(connection);
      if (!socket) return;
      limiter.joinedRoom(socket.conn);
      void socket.join(lectureId);
    },
    removeFromRoom: (connection, lectureId) => {
      const socket = sockets.get(connection);
      if (!socket) return;
      limiter.leftRoom(socket.conn);
      void socket.leave(lectureId);
    },
    broadcast: (lectureId, { name, data, except }) => emitPush(namespace.to(lectureId).except((except && sockets.get(except)?.id) ?? []), name, data),
    disconnect: (connection) => {
      const socket = sockets.get(connection);
      if (socket) clock.after(closeDelayMs, () => socket.disconnect(true));
    },
  };
}
