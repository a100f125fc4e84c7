// Responsible for one connection to Redis: whether it is up, and reconnecting it. A Redis that accepts connections and does
// not respond counts as away. Owns the client and the timer of its pings.
import { createClient } from 'redis';
import { background } from '../../background.ts';
import type { Clock } from '../../Clock.ts';
import { Emitter } from '../../Emitter.ts';
import type { Logger } from '../../Logger.ts';
import { withDeadline } from '../../withDeadline.ts';
import { commandTimeoutMs, connectTimeoutMs, deadConnectionMs, firstConnectionMs, maxReconnectDelayMs, pingIntervalMs, pongTimeoutMs } from '../limits.ts';
import { busUnavailable } from '../ownerErrors.ts';

export interface RedisConnectionOptions {
  /** `redis://user:password@host:port/database`, or `rediss:` for TLS. */
  url: string;
  clock: Clock;
  logger: Logger;
}

export type RedisClient = ReturnType<typeof createRedisClient>;

const firstReconnectDelayMs = 50;

export class RedisConnection {
  readonly client: RedisClient;
  readonly #options: RedisConnectionOptions;
  readonly #up: Emitter<{ isReconnected: boolean }>;
  /** Pings since the last pong. Counted, not timed: a process that was suspended has not waited for a pong. */
  #unanswered = 0;
  /** A socket is connected, and Redis has not yet greeted it. */
  #isGreeting = false;
  #wasUp = false;
  #isClosed = false;
  #cancelPing = (): void => undefined;

  private constructor(options: RedisConnectionOptions) {
    this.#options = options;
    this.#up = new Emitter(options.logger);
    this.client = createRedisClient(options.url);
    this.client.on('error', (err: unknown) => options.logger.debug({ err }, 'redis.connectionFailed'));
    this.client.on('connect', () => (this.#isGreeting = true));
    this.client.on('ready', () => {
      this.#isGreeting = false;
      this.#unanswered = 0;
      this.#nowUp(true);
    });
    this.client.on('reconnecting', () => {
      this.#isGreeting = false;
      this.#nowAway();
    });
  }

  /** Resolves when Redis is connected, or after `firstConnectionMs` without it: it is connected later. */
  static async open(options: RedisConnectionOptions): Promise<RedisConnection> {
    const connection = new RedisConnection(options);
    const connected = connection.#connect();
    connection.#schedulePing();
    const { clock, logger } = options;
    await withDeadline(connected, { clock, deadlineMs: firstConnectionMs, onExpired: busUnavailable }).catch((err: unknown) => logger.warn({ err }, 'redis.unavailable'));
    return connection;
  }

  /** Connected, and responding. */
  get isUp(): boolean {
    return this.client.isReady && this.#unanswered * pingIntervalMs <= pongTimeoutMs;
  }

  /** Calls the listener whenever Redis is up again; `isReconnected` unless it has only paused. */
  onUp(listener: (event: { isReconnected: boolean }) => void): () => void {
    return this.#up.on(listener);
  }

  /** Runs one command. @throws CodedError `bus.unavailable` when Redis is unavailable or takes longer than `commandTimeoutMs` */
  async command<T>(run: (client: RedisClient) => Promise<T>): Promise<T> {
    if (!this.isUp) throw busUnavailable();
    return withDeadline(run(this.client), { clock: this.#options.clock, deadlineMs: commandTimeoutMs, onExpired: busUnavailable });
  }

  /**
   * A separate client of the same Redis, for reading streams. Its commands wait while Redis is unavailable. The caller connects
   * and destroys it.
   */
  waitingClient(): RedisClient {
    const client = this.client.duplicate({ disableOfflineQueue: false });
    client.on('error', (err: unknown) => this.#options.logger.debug({ err }, 'redis.connectionFailed'));
    return client;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelPing();
    this.client.destroy();
  }

  /** A failure is logged, unless the connection was closed meanwhile. */
  #connect(): Promise<unknown> {
    const connected = this.client.connect();
    background('redis.connect', connected.catch((err: unknown) => this.#isClosed || Promise.reject(err as Error)), this.#options.logger);
    return connected;
  }

  #schedulePing(): void {
    this.#cancelPing = this.#options.clock.after(pingIntervalMs, () => {
      this.#ping();
      this.#schedulePing();
    });
  }

  #ping(): void {
    const { logger } = this.#options;
    if (!this.client.isOpen) {
      this.#unanswered = 0;
      return void this.#connect();
    }
    if (!this.client.isReady && !this.#isGreeting) return;
    this.#unanswered += 1;
    if (!this.isUp) this.#nowAway();
    if (this.#unanswered * pingIntervalMs > deadConnectionMs) {
      this.#isGreeting = false;
      return this.client.destroy();
    }
    if (!this.client.isReady) return;
    // A failure is seen by the count.
    this.client.ping().then(() => this.#answered(), (err: unknown) => logger.debug({ err }, 'redis.pingFailed'));
  }

  #answered(): void {
    this.#unanswered = 0;
    if (this.isUp && !this.#wasUp) this.#nowUp(false);
  }

  #nowUp(isReconnected: boolean): void {
    if (this.#isClosed) return;
    this.#wasUp = true;
    this.#options.logger.info({ isReconnected }, 'redis.connected');
    this.#up.emit({ isReconnected });
  }

  #nowAway(): void {
    if (!this.#wasUp || this.#isClosed) return;
    this.#wasUp = false;
    this.#options.logger.warn('redis.unavailable');
  }
}

function createRedisClient(url: string) {
  return createClient({
    url,
    // A command waits nowhere: what cannot be sent now fails, and its caller decides.
    disableOfflineQueue: true,
    commandOptions: { timeout: 0 },
    // Notifications of Redis Enterprise, which other servers refuse.
    maintNotifications: 'disabled',
    socket: { connectTimeout: connectTimeoutMs, reconnectStrategy: (attempts: number) => Math.min(maxReconnectDelayMs, firstReconnectDelayMs * 2 ** Math.min(attempts, 10)) },
  });
}
