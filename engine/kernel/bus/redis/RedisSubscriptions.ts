// Responsible for the Redis channels that this process subscribes to. Subscribes to each once, and again after an outage.
import { background } from '../../background.ts';
import type { Logger } from '../../Logger.ts';
import type { RedisConnection } from './RedisConnection.ts';

export class RedisSubscriptions {
  readonly #connection: RedisConnection;
  readonly #logger: Logger;
  readonly #onMessage: (text: string, channel: string) => void;
  readonly #wanted = new Set<string>();
  readonly #active = new Set<string>();

  constructor(options: { connection: RedisConnection; logger: Logger; onMessage: (text: string, channel: string) => void }) {
    this.#connection = options.connection;
    this.#logger = options.logger;
    this.#onMessage = options.onMessage;
  }

  /** Resolves when the channel is subscribed to. While Redis is unavailable, resolves at once; `subscribeMissing` then subscribes later. */
  async want(channel: string): Promise<void> {
    this.#wanted.add(channel);
    if (this.#connection.client.isReady) await this.#subscribe([channel]);
  }

  unwant(channel: string): void {
    this.#wanted.delete(channel);
    if (!this.#active.delete(channel) || !this.#connection.client.isReady) return;
    const { client } = this.#connection;
    const unsubscribed = client.unsubscribe(channel, this.#onMessage);
    // The end of the connection ends the subscription too.
    background('bus.unsubscribe', unsubscribed.catch((err: unknown) => client.isOpen && Promise.reject(err as Error)), this.#logger);
  }

  /** Called after a reconnection. The client itself has subscribed again to the channels that were active. */
  async subscribeMissing(): Promise<void> {
    await this.#subscribe([...this.#wanted].filter((channel) => !this.#active.has(channel)));
  }

  async #subscribe(channels: string[]): Promise<void> {
    if (channels.length === 0) return;
    try {
      await this.#connection.client.subscribe(channels, this.#onMessage);
      for (const channel of channels) this.#active.add(channel);
    } catch (err) {
      this.#logger.debug({ err, channels }, 'bus.subscribeFailed');
    }
  }
}
