import type { Logger } from '../Logger.ts';
import type { Subscriber, Topic } from './Bus.ts';
import { maxQueuedMessages } from './limits.ts';

/** Delivers the messages of one topic to one subscriber, one after the other. Owns those that wait. */
export class Delivery<T> {
  readonly #topic: Topic<T>;
  readonly #subscriber: Subscriber<T>;
  readonly #logger: Logger;
  #waiting: string[] = [];
  #hasMissed = false;
  #isRunning = false;
  #isClosed = false;

  constructor(topic: Topic<T>, subscriber: Subscriber<T>, logger: Logger) {
    this.#topic = topic;
    this.#subscriber = subscriber;
    this.#logger = logger;
  }

  /** Adds a message, as JSON. A subscriber that is too slow for its messages is notified that it has missed some. */
  add(text: string): void {
    if (this.#isClosed) return;
    // What is read again after `onMissed` includes the messages that wait.
    if (this.#waiting.length >= maxQueuedMessages) return this.missed();
    this.#waiting.push(text);
    this.#start();
  }

  missed(): void {
    if (this.#isClosed) return;
    this.#waiting = [];
    this.#hasMissed = true;
    this.#start();
  }

  close(): void {
    this.#isClosed = true;
    this.#waiting = [];
  }

  #start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    // After the caller's turn: publishing never runs a subscriber.
    queueMicrotask(() => void this.#run());
  }

  async #run(): Promise<void> {
    for (let next = this.#next(); next; next = this.#next()) {
      try {
        await next();
      } catch (err) {
        this.#logger.error({ err, topic: this.#topic.name }, 'bus.subscriberFailed');
      }
    }
    this.#isRunning = false;
  }

  #next(): (() => void | Promise<void>) | undefined {
    if (this.#isClosed) return undefined;
    if (this.#hasMissed) {
      this.#hasMissed = false;
      return () => this.#subscriber.onMissed();
    }
    const text = this.#waiting.shift();
    return text === undefined ? undefined : () => this.#deliver(text);
  }

  #deliver(text: string): void | Promise<void> {
    const parsed = this.#topic.schema.safeParse(JSON.parse(text));
    if (parsed.success) return this.#subscriber.onMessage(parsed.data);
    // Another version of the program has sent it.
    this.#logger.error({ err: parsed.error, topic: this.#topic.name }, 'bus.messageInvalid');
    return this.#subscriber.onMissed();
  }
}
