// Responsible for sending messages to other processes: bounded, without waiting. Remembers what it could not send, and
// notifies the others of it.
import type { Logger } from '../../Logger.ts';
import { maxMissedTopics, maxUnsentBytes } from '../limits.ts';
import type { RedisConnection } from './RedisConnection.ts';
import { channels } from './wire.ts';

export class RedisPublisher {
  readonly #connection: RedisConnection;
  readonly #processId: string;
  readonly #logger: Logger;
  readonly #seqs = new Map<string, number>();
  #unsentBytes = 0;
  /** Topics with messages that were not sent; null when there are more than can be listed. */
  #missed: Set<string> | null = new Set();

  constructor({ connection, processId, logger }: { connection: RedisConnection; processId: string; logger: Logger }) {
    this.#connection = connection;
    this.#processId = processId;
    this.#logger = logger;
  }

  /** `text`: the message as JSON. */
  publish(topic: string, text: string): void {
    const seq = (this.#seqs.get(topic) ?? 0) + 1;
    this.#seqs.set(topic, seq);
    const line = `{"from":"${this.#processId}","seq":${seq},"message":${text}}`;
    if (!this.#connection.isUp || this.#unsentBytes + line.length > maxUnsentBytes) return this.#miss(topic);
    this.send(channels.ofTopic(topic), line).then(
      () => this.notifyMissed(),
      (err: unknown) => {
        this.#logger.debug({ err, topic }, 'bus.publishFailed');
        this.#miss(topic);
      },
    );
  }

  /** Resolves with how many processes receive it. */
  async send(channel: string, text: string): Promise<number> {
    this.#unsentBytes += text.length;
    try {
      return await this.#connection.client.publish(channel, text);
    } finally {
      this.#unsentBytes -= text.length;
    }
  }

  /** Notifies the other processes of the topics on which they have missed messages of this process. */
  notifyMissed(): void {
    if (this.#missed?.size === 0 || !this.#connection.isUp) return;
    const missed = this.#missed;
    this.#missed = new Set();
    const notice = { from: this.#processId, topics: missed && [...missed] };
    this.send(channels.missed, JSON.stringify(notice)).catch(() => {
      for (const topic of missed ?? []) this.#miss(topic);
      if (!missed) this.#missed = null;
    });
  }

  #miss(topic: string): void {
    if (!this.#missed) return;
    this.#missed.add(topic);
    if (this.#missed.size > maxMissedTopics) this.#missed = null;
  }
}
