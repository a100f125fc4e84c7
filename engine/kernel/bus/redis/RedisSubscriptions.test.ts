import { beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../testing/silentLogger.ts';
import { RedisSubscriptions } from './RedisSubscriptions.ts';
import type { SubscribingClient } from './RedisSubscriptions.ts';

/** A client as node-redis has it: its subscriptions outlive an outage, and a command fails during one. */
class FakeClient implements SubscribingClient {
  isReady = true;
  readonly subscribed = new Set<string>();
  /** Before Redis answers a command. */
  answering: Promise<void> = Promise.resolve();

  async subscribe(channels: string[]): Promise<void> {
    await this.#answer();
    for (const channel of channels) this.subscribed.add(channel);
  }

  async unsubscribe(channels: string[]): Promise<void> {
    await this.#answer();
    for (const channel of channels) this.subscribed.delete(channel);
  }

  async #answer(): Promise<void> {
    await this.answering;
    if (!this.isReady) throw new Error('the connection is closed');
  }
}

let client: FakeClient;
let channels: RedisSubscriptions;

beforeEach(() => {
  client = new FakeClient();
  channels = new RedisSubscriptions({ connection: { client }, logger: silentLogger, onMessage: () => undefined });
});

const turn = () => new Promise((resolve) => setImmediate(resolve));

async function reconnect(): Promise<void> {
  client.isReady = true;
  await channels.reconcile();
  await turn();
}

describe('The channels of a process', () => {
  it('are those that it wants', async () => {
    await Promise.all(['a', 'b'].map((channel) => channels.want(channel)));
    channels.unwant('a');
    await turn();
    expect([...client.subscribed]).toEqual(['b']);
  });

  it('include after an outage what it wanted during it, and nothing that it gave up', async () => {
    await Promise.all(['a', 'b'].map((channel) => channels.want(channel)));
    client.isReady = false;
    channels.unwant('a');
    await channels.want('c');
    await channels.want('d');
    channels.unwant('d');
    await reconnect();
    expect([...client.subscribed]).toEqual(['b', 'c']);
  });

  it('include nothing that it gave up while Redis was answering', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    client.answering = promise;
    const wanted = ['a', 'b'].map((channel) => channels.want(channel));
    for (const channel of ['a', 'b']) channels.unwant(channel);
    wanted.push(channels.want('b'));
    resolve();
    await Promise.all(wanted);
    await turn();
    expect([...client.subscribed]).toEqual(['b']);
  });

  it('include nothing that it gave up when the connection was lost before Redis answered', async () => {
    await channels.want('a');
    channels.unwant('a');
    client.isReady = false;
    await turn();
    expect([...client.subscribed]).toEqual(['a']);
    await reconnect();
    expect([...client.subscribed]).toEqual([]);
  });
});
