// Responsible for the bus of an installation with one process. Owns the subscriptions and what is served.
import type { Clock } from '../Clock.ts';
import type { Logger } from '../Logger.ts';
import { withDeadline } from '../withDeadline.ts';
import type { Bus, BusRequest, Endpoint, Subscriber, Topic, Unsubscribe } from './Bus.ts';
import { encodeMessage } from './encodeMessage.ts';
import { addressOf, dataOf, Owners } from './Owners.ts';
import { busUnavailable, ownerNotFound, ownerTimedOut } from './ownerErrors.ts';
import { Subscriptions } from './Subscriptions.ts';

export interface BusOptions {
  clock: Clock;
  logger: Logger;
}

export class InProcessBus implements Bus {
  readonly isConnected = true;
  readonly #clock: Clock;
  readonly #subscriptions: Subscriptions;
  readonly #owners: Owners;
  #isClosed = false;

  constructor({ clock, logger }: BusOptions) {
    this.#clock = clock;
    this.#subscriptions = new Subscriptions(logger);
    this.#owners = new Owners(logger);
  }

  publish<T>(topic: Topic<T>, message: T): void {
    this.#subscriptions.deliver(topic.name, encodeMessage(topic.name, topic.schema.parse(message)));
  }

  async subscribe<T>(topic: Topic<T>, subscriber: Subscriber<T>): Promise<Unsubscribe> {
    return this.#isClosed ? () => undefined : this.#subscriptions.add(topic, subscriber);
  }

  async request<Request, Response>(endpoint: Endpoint<Request, Response>, id: string, { data, deadlineMs }: BusRequest<Request>): Promise<Response> {
    if (this.#isClosed) throw busUnavailable();
    const address = addressOf(endpoint, id);
    const text = encodeMessage(endpoint.name, endpoint.request.parse(data));
    const answer = this.#owners.answer(address, JSON.parse(text));
    if (!answer) throw ownerNotFound(address);
    return dataOf(endpoint, await withDeadline(answer, { clock: this.#clock, deadlineMs, onExpired: () => ownerTimedOut(address) }));
  }

  async serve<Request, Response>(endpoint: Endpoint<Request, Response>, id: string, handler: (data: Request) => Response | Promise<Response>): Promise<Unsubscribe> {
    return this.#owners.add(endpoint, addressOf(endpoint, id), handler);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#subscriptions.close();
    this.#owners.close();
  }
}
