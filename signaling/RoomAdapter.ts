// Responsible for pushes to the same room in other processes, over a Redis stream. A room in this process does not wait for
// Redis. What cannot be sent waits, in order and bounded, until Redis is back. Owns its Redis clients.
import { createAdapter } from '@socket.io/redis-streams-adapter';
import type { Namespace, Server } from 'socket.io';
import type { Clock, Logger, RedisConnection } from '#engine/kernel';
import { maxStreamLength, streamBlockMs } from './limits.ts';
import { StreamOutbox } from './StreamOutbox.ts';
import type { StreamFields } from './StreamOutbox.ts';

export interface RoomAdapterOptions {
  redis: RedisConnection;
  clock: Clock;
  logger: Logger;
}

type Adapter = Namespace['adapter'];
type BroadcastOptions = Parameters<Adapter['broadcast']>[1];

/** What the adapter inherits from Socket.IO's ClusterAdapter. */
interface Publishing {
  publishAndReturnOffset(message: { type: number; data: unknown }): Promise<string>;
}

export interface RoomAdapter {
  /** For `Server.adapter`. */
  factory: Parameters<Server['adapter']>[0];
  close(): void;
}

const streamName = 'lectern:rooms';

/** `MessageType.BROADCAST` of socket.io-adapter. */
const broadcastType = 3;

export function openRoomAdapter({ redis, clock, logger }: RoomAdapterOptions): RoomAdapter {
  const trim = { TRIM: { strategy: 'MAXLEN', strategyModifier: '~', threshold: maxStreamLength } } as const;
  const append = async (fields: StreamFields) => redis.client.xAdd(streamName, '*', fields, trim);
  const outbox = new StreamOutbox({ redis, append, clock, logger });
  const readers: ReturnType<RedisConnection['waitingClient']>[] = [];
  const adapters = new Set<Adapter>();
  const create = createAdapter(adapterClient({ redis, outbox, readers }), { streamName, channelPrefix: streamName, maxLen: maxStreamLength, blockTimeInMs: streamBlockMs, onlyPlaintext: true });
  return {
    // Socket.IO calls it with `new`, which arrow functions do not allow.
    factory: function createRoomAdapter(namespace: Namespace) {
      const adapter = localFirst(create(namespace), logger);
      adapters.add(adapter);
      return adapter;
    },
    close: () => {
      // The readers stop when the last adapter is closed.
      for (const adapter of adapters) void adapter.close();
      outbox.close();
      for (const reader of readers) reader.destroy();
    },
  };
}

/** The adapter itself delivers to this process only after Redis has the message. */
function localFirst(adapter: Adapter, logger: Logger): Adapter {
  const broadcast = adapter.broadcast.bind(adapter);
  adapter.broadcast = (packet: unknown, options: BroadcastOptions) => {
    const message = { packet: structuredClone(packet), opts: { rooms: [...options.rooms], except: [...(options.except ?? [])], flags: options.flags } };
    broadcast(packet, { ...options, flags: { ...options.flags, local: true } });
    if (options.flags?.local) return;
    const publishing = adapter as unknown as Publishing;
    publishing.publishAndReturnOffset({ type: broadcastType, data: message }).catch((err: unknown) => logger.error({ err }, 'rooms.pushLost'));
  };
  return adapter;
}

/** The part of a Redis client that the adapter uses. */
function adapterClient({ redis, outbox, readers }: { redis: RedisConnection; outbox: StreamOutbox; readers: ReturnType<RedisConnection['waitingClient']>[] }) {
  return {
    // By this method the adapter recognises a client of node-redis.
    sSubscribe: () => Promise.reject(new Error('not used')),
    duplicate: () => {
      const reader = redis.waitingClient();
      readers.push(reader);
      const connect = reader.connect.bind(reader);
      // It rejects only when it is destroyed; nobody listens then.
      const connected = () => connect().catch(() => new Promise<never>(() => undefined));
      return Object.assign(reader, { connect: connected, disconnect: () => reader.destroy() });
    },
    xAdd: (_stream: string, _id: string, fields: StreamFields) => outbox.add(fields),
    publish: (channel: string, message: Buffer) => redis.command((client) => client.publish(channel, message)),
    sendCommand: (args: string[]) => redis.command((client) => client.sendCommand(args)),
  };
}
