// Responsible for the Redis channels that this process subscribes to. Subscribes to each once, and again after an outage.
// Unsubscribes from a channel that nobody wants, as soon as Redis can be reached.
import { background } from '../../background.ts';
import type { Logger } from '../../Logger.ts';

type OnMessage = (text: string, channel: string) => void;

/** The part of a Redis client that is used here. It subscribes again by itself when it has reconnected. */
export interface SubscribingClient {
  readonly isReady: boolean;
  subscribe(channels: string[], onMessage: OnMessage): Promise<unknown>;
  unsubscribe(channels: string[], onMessage: OnMessage): Promise<unknown>;
}

export interface RedisSubscriptionsOptions {
  connection: { readonly client: SubscribingClient };
  logger: Logger;
  onMessage: OnMessage;
}

export class RedisSubscriptions {
  readonly #connection: { readonly client: SubscribingClient };
  readonly #logger: Logger;
  readonly #onMessage: OnMessage;
  readonly #wanted = new Set<string>();
  /** The client is subscribed to them. */
  readonly #active = new Set<string>();

  constructor(options: RedisSubscriptionsOptions) {
    this.#connection = options.connection;
    this.#logger = options.logger;
    this.#onMessage = options.onMessage;
  }

  /** Resolves when the channel is subscribed to. While Redis is unavailable, resolves at once; `reconcile` then subscribes later. */
  async want(channel: string): Promise<void> {
    this.#wanted.add(channel);
    if (this.#connection.client.isReady) await this.#subscribe([channel]);
  }

  unwant(channel: string): void {
    this.#wanted.delete(channel);
    this.#unsubscribeUnwanted();
  }

  /** Called after a reconnection. The client itself has subscribed again to the channels that were active. */
  async reconcile(): Promise<void> {
    this.#unsubscribeUnwanted();
    await this.#subscribe([...this.#wanted].filter((channel) => !this.#active.has(channel)));
  }

  async #subscribe(channels: string[]): Promise<void> {
    if (channels.length === 0) return;
    try {
      await this.#connection.client.subscribe(channels, this.#onMessage);
    } catch (err) {
      this.#logger.debug({ err, channels }, 'bus.subscribeFailed');
      return;
    }
    for (const channel of channels) this.#active.add(channel);
    this.#unsubscribeUnwanted();
  }

  #unsubscribeUnwanted(): void {
    if (!this.#connection.client.isReady) return;
    const unwanted = [...this.#active].filter((channel) => !this.#wanted.has(channel));
    if (unwanted.length > 0) background('bus.unsubscribe', this.#unsubscribe(unwanted), this.#logger);
  }

  async #unsubscribe(channels: string[]): Promise<void> {
    for (const channel of channels) this.#active.delete(channel);
    try {
      await this.#connection.client.unsubscribe(channels, this.#onMessage);
    } catch (err) {
      for (const channel of channels) this.#active.add(channel);
      this.#logger.debug({ err, channels }, 'bus.unsubscribeFailed');
    }
  }
}
