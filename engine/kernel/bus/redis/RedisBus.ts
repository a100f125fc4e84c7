// Responsible for the bus between processes, over Redis pub/sub. Within the process it works without Redis. Owns the
// subscriptions, what is served, and the requests in flight; the connection has another owner.
import { background } from '../../background.ts';
import type { Clock } from '../../Clock.ts';
import type { Logger } from '../../Logger.ts';
import { newId } from '../../newId.ts';
import { withDeadline } from '../../withDeadline.ts';
import type { Bus, BusRequest, Endpoint, Subscriber, Topic, Unsubscribe } from '../Bus.ts';
import { encodeMessage } from '../encodeMessage.ts';
import { addressOf, dataOf, Owners } from '../Owners.ts';
import { busUnavailable, ownerTimedOut } from '../ownerErrors.ts';
import { Subscriptions } from '../Subscriptions.ts';
import type { RedisConnection } from './RedisConnection.ts';
import { RedisPublisher } from './RedisPublisher.ts';
import { RedisRequests } from './RedisRequests.ts';
import { RedisSubscriptions } from './RedisSubscriptions.ts';
import { SequenceCheck } from './SequenceCheck.ts';
import { channels, MissedNotice, OwnerReply, OwnerRequest, TopicMessage } from './wire.ts';

export interface RedisBusOptions {
  connection: RedisConnection;
  clock: Clock;
  logger: Logger;
}

const topicPrefix = channels.ofTopic('');
const addressPrefix = channels.ofAddress('');

export class RedisBus implements Bus {
  /** Of this run of the process. */
  readonly #processId = newId('prc');
  readonly #connection: RedisConnection;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #channels: RedisSubscriptions;
  readonly #publisher: RedisPublisher;
  readonly #requests: RedisRequests;
  readonly #subscriptions: Subscriptions;
  readonly #owners: Owners;
  readonly #sequences = new SequenceCheck();
  readonly #stopListening: () => void;
  #isClosed = false;

  private constructor({ connection, clock, logger }: RedisBusOptions) {
    this.#connection = connection;
    this.#clock = clock;
    this.#logger = logger;
    this.#channels = new RedisSubscriptions({ connection, logger, onMessage: (text, channel) => this.#receive(text, channel) });
    this.#publisher = new RedisPublisher({ connection, processId: this.#processId, logger });
    this.#requests = new RedisRequests({ publisher: this.#publisher, processId: this.#processId });
    this.#subscriptions = new Subscriptions(logger);
    this.#owners = new Owners(logger);
    this.#stopListening = connection.onUp(({ isReconnected }) => background('bus.reconnect', this.#connected(isReconnected), logger));
  }

  static async open(options: RedisBusOptions): Promise<RedisBus> {
    const bus = new RedisBus(options);
    await Promise.all([bus.#channels.want(channels.missed), bus.#channels.want(channels.ofProcess(bus.#processId))]);
    return bus;
  }

  get isConnected(): boolean {
    return this.#connection.isUp;
  }

  publish<T>(topic: Topic<T>, message: T): void {
    const text = encodeMessage(topic.name, topic.schema.parse(message));
    if (this.#isClosed) return;
    this.#subscriptions.deliver(topic.name, text);
    this.#publisher.publish(topic.name, text);
  }

  async subscribe<T>(topic: Topic<T>, subscriber: Subscriber<T>): Promise<Unsubscribe> {
    if (this.#isClosed) return () => undefined;
    const remove = this.#subscriptions.add(topic, subscriber);
    await this.#channels.want(channels.ofTopic(topic.name));
    return () => {
      remove();
      if (!this.#subscriptions.has(topic.name)) this.#channels.unwant(channels.ofTopic(topic.name));
    };
  }

  async request<Request, Response>(endpoint: Endpoint<Request, Response>, id: string, { data, deadlineMs }: BusRequest<Request>): Promise<Response> {
    if (this.#isClosed) throw busUnavailable();
    const address = addressOf(endpoint, id);
    const text = encodeMessage(endpoint.name, endpoint.request.parse(data));
    const local = this.#owners.answer(address, JSON.parse(text));
    if (!local && !this.#connection.isUp) throw busUnavailable();
    const { response, forget } = local ? { response: local, forget: () => undefined } : this.#requests.send(address, text);
    const onExpired = () => ownerTimedOut(address);
    return dataOf(endpoint, await withDeadline(response, { clock: this.#clock, deadlineMs, onExpired }).finally(forget));
  }

  async serve<Request, Response>(endpoint: Endpoint<Request, Response>, id: string, handler: (data: Request) => Response | Promise<Response>): Promise<Unsubscribe> {
    const address = addressOf(endpoint, id);
    const remove = this.#owners.add(endpoint, address, handler);
    await this.#channels.want(channels.ofAddress(address));
    return () => {
      remove();
      if (!this.#owners.has(address)) this.#channels.unwant(channels.ofAddress(address));
    };
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stopListening();
    this.#requests.close();
    this.#subscriptions.close();
    this.#owners.close();
  }

  /** A Redis that has only paused has kept what was sent to this process. */
  async #connected(isReconnected: boolean): Promise<void> {
    if (isReconnected) {
      await this.#channels.reconcile();
      this.#sequences.clear();
      this.#subscriptions.missed();
    }
    this.#publisher.notifyMissed();
  }

  #receive(text: string, channel: string): void {
    try {
      const value: unknown = JSON.parse(text);
      if (channel.startsWith(topicPrefix)) this.#receiveMessage(channel.slice(topicPrefix.length), value);
      else if (channel.startsWith(addressPrefix)) this.#receiveRequest(channel.slice(addressPrefix.length), value);
      else if (channel === channels.missed) this.#receiveMissed(value);
      else this.#requests.settle(OwnerReply.parse(value));
    } catch (err) {
      this.#logger.error({ err, channel }, 'bus.messageInvalid');
    }
  }

  #receiveMessage(topic: string, value: unknown): void {
    const { from, seq, message } = TopicMessage.parse(value);
    // It was delivered here when it was published.
    if (from === this.#processId) return;
    if (this.#sequences.isGapBefore({ from, topic, seq })) this.#subscriptions.missed([topic]);
    this.#subscriptions.deliver(topic, JSON.stringify(message));
  }

  #receiveMissed(value: unknown): void {
    const { from, topics } = MissedNotice.parse(value);
    if (from !== this.#processId) this.#subscriptions.missed(topics ?? undefined);
  }

  #receiveRequest(address: string, value: unknown): void {
    const { requestId, replyTo, data } = OwnerRequest.parse(value);
    const answer = this.#owners.answer(address, data);
    if (!answer) return;
    const reply = answer.then((response) => this.#publisher.send(channels.ofProcess(replyTo), JSON.stringify({ requestId, response })));
    background('bus.reply', reply, this.#logger);
  }
}
