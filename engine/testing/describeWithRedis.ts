import { afterEach, beforeEach, describe } from 'vitest';
import type { RedisConnection } from '../kernel/bus/redis/RedisConnection.ts';
import { hasRedis, RedisServer } from './RedisServer.ts';

/** The Redis of one test, and what the test has opened. */
export class TestRedis {
  #server: RedisServer | undefined;
  #closers: (() => unknown)[] = [];

  get server(): RedisServer {
    if (!this.#server) throw new Error('Redis runs only during a test');
    return this.#server;
  }

  /** A connection of one process. It is closed after the test. */
  async connect(): Promise<RedisConnection> {
    const connection = await this.server.connect();
    this.defer(() => connection.close());
    return connection;
  }

  /** Closes something after the test, before what was opened earlier. */
  defer(close: () => unknown): void {
    this.#closers.push(close);
  }

  async open(): Promise<void> {
    this.#server = await RedisServer.start();
  }

  async close(): Promise<void> {
    for (const close of this.#closers.splice(0).reverse()) await close();
    await this.#server?.close();
    this.#server = undefined;
  }
}

/** A block of tests with a Redis of its own for each. They do not run where Redis is not installed. */
export function describeWithRedis(title: string, define: (redis: TestRedis) => void): void {
  describe.skipIf(!hasRedis)(title, () => {
    const redis = new TestRedis();
    beforeEach(() => redis.open());
    afterEach(() => redis.close());
    define(redis);
  });
}
