import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '#engine/testing';
import { commandBody, handshakeBytes, messageBytes, publishBytes } from '../testing/index.ts';
import type { Amf } from '../testing/index.ts';
import { RtmpConnection } from './RtmpConnection.ts';
import { maxUnreadBytes, rtmpDeadlines } from '../limits.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What buffers hold when nothing more is given back: V8 frees their memory some time after it has collected them. */
async function bytesInBuffers(): Promise<number> {
  const readings: number[] = [];
  for (let unchanged = 0; unchanged < 5; ) {
    collectGarbage();
    await setTimeout(20);
    const bytes = process.memoryUsage().arrayBuffers;
    unchanged = bytes < Math.min(...readings) ? 0 : unchanged + 1;
    readings.push(bytes);
  }
  return Math.min(...readings);
}

const command = (streamId: number, values: Amf[]) => messageBytes({ type: 20, streamId, timestampMs: 0, body: commandBody(values) });

/** Says what it is told to, and reads nothing. */
class DeafSocket extends Duplex {
  readonly remoteAddress = '192.0.2.1';

  setNoDelay(): this {
    return this;
  }

  override _read(): void {
    // Speaks by `push`.
  }

  override _write(): void {
    // What is written stays unread.
  }
}

function open() {
  const clock = new ManualClock();
  const socket = new DeafSocket();
  const closes: unknown[] = [];
  const asked: RtmpConnection[] = [];
  const connection = new RtmpConnection({
    socket: socket as Duplex as Socket,
    deadlines: rtmpDeadlines,
    clock,
    onPublish: (publisher) => void asked.push(publisher),
    onClosed: (_closed, cause, detail) => void closes.push([cause, detail]),
  });
  const say = (bytes: Buffer) => socket.emit('data', bytes);
  say(handshakeBytes());
  return { clock, socket, closes, asked, connection, say };
}

describe('An RTMP connection that asks to publish', () => {
  it('is closed by a refusal, also when it has left so much unread that it cannot be told why', () => {
    const { socket, closes, asked, connection, say } = open();
    // The four answers to a connect are large, the one to a createStream goes just over the limit.
    while (socket.writableLength < maxUnreadBytes - 1500 && !socket.destroyed) say(command(0, ['connect', 1, { tcUrl: 'a:b' }]));
    say(command(0, ['connect', 1, { app: 'live', tcUrl: 'a:b' }]));
    while (socket.writableLength <= maxUnreadBytes && !socket.destroyed) say(command(0, ['createStream', 2, null]));
    say(command(1, ['publish', 3, null, 'sk_wrong', 'live']));
    expect([asked, closes]).toEqual([[connection], []]);
    connection.refuse('This stream key is not valid.');
    expect(closes).toEqual([['garbage', 'it does not read what it asks for']]);
    expect(socket.destroyed).toBe(true);
  });

  it('is closed when nobody answers it', () => {
    const { clock, closes, asked, connection, say } = open();
    say(publishBytes({ app: 'live', name: 'sk_right' }));
    expect(asked).toEqual([connection]);
    clock.advance(rtmpDeadlines.answerWithinMs - 1000);
    expect(closes).toEqual([]);
    clock.advance(2000);
    expect(closes).toEqual([['unanswered', undefined]]);
  });

  it('holds no buffers of its own before anything has come', async () => {
    const before = await bytesInBuffers();
    const connections = Array.from({ length: 50 }, open);
    expect(((await bytesInBuffers()) - before) / connections.length).toBeLessThan(200_000);
  });
});
