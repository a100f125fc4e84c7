// Responsible for pushes to the same room in other processes, over a Redis stream. A room in this process does not wait for
// Redis. What cannot be sent waits, in order and bounded, until Redis is back. Owns its Redis clients.
import { createAdapter } from '@socket.io/redis-streams-adapter';
import type { Namespace, Server } from 'socket.io';
import type { Logger, RedisConnection } from '#engine/kernel';
import { maxStreamLength, maxWaitingPushes, streamBlockMs, streamMarkIntervalMs } from './limits.ts';

export interface RoomAdapterOptions {
  redis: RedisConnection;
  logger: Logger;
}

type Adapter = Namespace['adapter'];
type BroadcastOptions = Parameters<Adapter['broadcast']>[1];

/** What the adapter inherits from Socket.IO's ClusterAdapter. */
interface Publishing {
  publishAndReturnOffset(message: { type: number; data: unknown }): Promise<string>;
}

/** A message of the stream, as the adapter writes it. */
type StreamFields = Record<string, string>;

export interface RoomAdapter {
  /** For `Server.adapter`. */
  factory: Parameters<Server['adapter']>[0];
  close(): void;
}

const streamName = 'lectern:rooms';

/** `MessageType.BROADCAST` of socket.io-adapter. */
const broadcastType = 3;

export function openRoomAdapter({ redis, logger }: RoomAdapterOptions): RoomAdapter {
  const outbox = new StreamOutbox({ redis, logger });
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

interface Waiting {
  fields: StreamFields;
  resolve: (id: string) => void;
  reject: (err: unknown) => void;
}

/** Writes to the stream in order. What Redis may have taken when the connection broke is written again. */
class StreamOutbox {
  readonly #redis: RedisConnection;
  readonly #logger: Logger;
  #waiting: Waiting[] = [];
  #isWriting = false;
  readonly #stopListening: () => void;
  readonly #marking: NodeJS.Timeout;

  constructor({ redis, logger }: RoomAdapterOptions) {
    this.#redis = redis;
    this.#logger = logger;
    this.#stopListening = redis.onUp(() => this.#write());
    // A reader that has read nothing yet knows no position, and would miss what is written between two of its reads. An entry
    // without a namespace is only a position.
    this.#marking = setInterval(() => void this.#mark(), streamMarkIntervalMs).unref();
  }

  /** Resolves with the id of the entry. Rejects when too many wait. */
  add(fields: StreamFields): Promise<string> {
    if (this.#waiting.length >= maxWaitingPushes) return Promise.reject(new Error('too many pushes wait for Redis'));
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    this.#waiting.push({ fields, resolve, reject });
    this.#write();
    return promise;
  }

  close(): void {
    this.#stopListening();
    clearInterval(this.#marking);
    for (const { reject } of this.#waiting.splice(0)) reject(new Error('the server is stopping'));
  }

  #write(): void {
    if (this.#isWriting || !this.#redis.isUp || this.#waiting.length === 0) return;
    this.#isWriting = true;
    const batch = this.#waiting;
    this.#waiting = [];
    void this.#writeAll(batch).finally(() => {
      this.#isWriting = false;
      this.#write();
    });
  }

  async #writeAll(batch: Waiting[]): Promise<void> {
    const outcomes = await Promise.allSettled(batch.map(({ fields }) => this.#append(fields)));
    const failed: Waiting[] = [];
    for (const [index, outcome] of outcomes.entries()) {
      const entry = batch[index] as Waiting;
      if (outcome.status === 'fulfilled') entry.resolve(outcome.value);
      else failed.push(entry);
    }
    if (failed.length === 0) return;
    this.#logger.debug({ count: failed.length }, 'rooms.pushesDelayed');
    this.#waiting = [...failed, ...this.#waiting];
    // While the connection is up, Redis itself refuses the entries. The next attempt would follow at once.
    await new Promise((resolve) => setTimeout(resolve, streamBlockMs / 4));
  }

  async #append(fields: StreamFields): Promise<string> {
    return this.#redis.client.xAdd(streamName, '*', fields, { TRIM: { strategy: 'MAXLEN', strategyModifier: '~', threshold: maxStreamLength } });
  }

  async #mark(): Promise<void> {
    if (this.#redis.isUp) await this.#append({ mark: '1' }).catch((err: unknown) => this.#logger.debug({ err }, 'rooms.markFailed'));
    this.#write();
  }
}
