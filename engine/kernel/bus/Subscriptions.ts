import type { Logger } from '../Logger.ts';
import type { Subscriber, Topic } from './Bus.ts';
import { Delivery } from './Delivery.ts';

/** The subscribers of this process, by topic. Owns their deliveries. */
export class Subscriptions {
  readonly #logger: Logger;
  readonly #byTopic = new Map<string, Set<Delivery<unknown>>>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  has(topic: string): boolean {
    return this.#byTopic.has(topic);
  }

  /** Returns the function that removes it. */
  add<T>(topic: Topic<T>, subscriber: Subscriber<T>): () => void {
    const delivery = new Delivery(topic, subscriber, this.#logger) as Delivery<unknown>;
    const deliveries = this.#byTopic.get(topic.name) ?? new Set();
    this.#byTopic.set(topic.name, deliveries.add(delivery));
    return () => {
      delivery.close();
      deliveries.delete(delivery);
      if (deliveries.size === 0 && this.#byTopic.get(topic.name) === deliveries) this.#byTopic.delete(topic.name);
    };
  }

  /** `text`: the message as JSON. */
  deliver(topic: string, text: string): void {
    for (const delivery of this.#byTopic.get(topic) ?? []) delivery.add(text);
  }

  /** Notifies the subscribers of these topics, or of all. */
  missed(topics: Iterable<string> = this.#byTopic.keys()): void {
    for (const topic of topics) for (const delivery of this.#byTopic.get(topic) ?? []) delivery.missed();
  }

  close(): void {
    for (const deliveries of this.#byTopic.values()) for (const delivery of deliveries) delivery.close();
    this.#byTopic.clear();
  }
}
