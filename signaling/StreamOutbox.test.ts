import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock, silentLogger } from '#engine/testing';
import { maxWaitingPushes, streamMarkIntervalMs, streamRetryDelayMs } from './limits.ts';
import { StreamOutbox } from './StreamOutbox.ts';
import type { StreamFields } from './StreamOutbox.ts';

/** A stream whose commands the test answers, in any order. */
class TestStream {
  isUp = true;
  readonly commands: { fields: StreamFields; resolve: (id: string) => void; reject: (err: Error) => void }[] = [];
  #listener: (() => void) | undefined;

  onUp(listener: () => void): () => void {
    this.#listener = listener;
    return () => (this.#listener = undefined);
  }

  connect(): void {
    this.isUp = true;
    this.#listener?.();
  }

  append(fields: StreamFields): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    this.commands.push({ fields, resolve, reject });
    return promise;
  }

  get texts(): (string | undefined)[] {
    return this.commands.map(({ fields }) => fields['text']);
  }
}

let stream: TestStream;
let clock: ManualClock;
let outbox: StreamOutbox;
let outcomes: Map<string, string>;

beforeEach(() => {
  [stream, clock, outcomes] = [new TestStream(), new ManualClock(), new Map()];
  outbox = new StreamOutbox({ redis: stream, append: (fields) => stream.append(fields), clock, logger: silentLogger });
});

function add(text: string): void {
  outbox.add({ text }).then((id) => outcomes.set(text, id), (err: unknown) => outcomes.set(text, (err as Error).message));
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('The outbox of the stream', () => {
  it('writes what is added in order, and answers with the ids', async () => {
    add('a');
    add('b');
    stream.commands[0]?.resolve('1-0');
    await turn();
    expect(stream.texts).toEqual(['a', 'b']);
    stream.commands[1]?.resolve('2-0');
    await turn();
    expect([...outcomes]).toEqual([['a', '1-0'], ['b', '2-0']]);
  });

  it('writes again what failed, before what was added since', async () => {
    add('a');
    add('b');
    stream.commands[0]?.reject(new Error('the connection broke'));
    await turn();
    expect(stream.texts).toEqual(['a']);
    clock.advance(streamRetryDelayMs);
    expect(stream.texts).toEqual(['a', 'a', 'b']);
  });

  it('keeps what is added while Redis is away, up to a limit, and writes it when Redis is back', async () => {
    stream.isUp = false;
    for (let i = 0; i < maxWaitingPushes; i += 1) void outbox.add({ text: `${i}` });
    add('one too many');
    await turn();
    expect(outcomes.get('one too many')).toBe('too many pushes wait for Redis');
    expect(stream.commands).toEqual([]);
    stream.connect();
    expect(stream.commands).toHaveLength(maxWaitingPushes);
  });

  it('marks its position regularly', () => {
    clock.advance(streamMarkIntervalMs * 2);
    expect(stream.commands.map(({ fields }) => fields)).toEqual([{ mark: '1' }, { mark: '1' }]);
  });

  it('writes nothing after its end: neither what waits for an earlier batch, nor what failed, nor what comes later', async () => {
    add('a');
    add('b');
    outbox.close();
    add('c');
    stream.commands[0]?.reject(new Error('the connection was closed'));
    await turn();
    clock.advance(streamMarkIntervalMs);
    stream.connect();
    await turn();
    expect(stream.texts).toEqual(['a']);
    expect(Object.fromEntries(outcomes)).toEqual({ a: 'the server is stopping', b: 'the server is stopping', c: 'the server is stopping' });
    expect(clock.timers).toBe(0);
  });

  it('ends while it waits to write again', async () => {
    add('a');
    stream.commands[0]?.reject(new Error('refused'));
    await turn();
    outbox.close();
    await turn();
    clock.advance(streamRetryDelayMs);
    expect(stream.texts).toEqual(['a']);
    expect(outcomes.get('a')).toBe('the server is stopping');
  });
});
