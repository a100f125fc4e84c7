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

/** The bytes in buffers after garbage collection: V8 frees their memory some time after it has collected them. */
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

/** A socket whose peer reads nothing. */
class UnreadSocket extends Duplex {
  readonly remoteAddress = '192.0.2.1';

  setNoDelay(): this {
    return this;
  }

  override _read(): void {
    // Data is emitted by the test.
  }

  override _write(): void {
    // Written data stays unread.
  }
}

function open() {
  const clock = new ManualClock();
  const socket = new UnreadSocket();
  const closes: unknown[] = [];
  const requests: RtmpConnection[] = [];
  const connection = new RtmpConnection({
    socket: socket as Duplex as Socket,
    deadlines: rtmpDeadlines,
    clock,
    onPublish: (publisher) => void requests.push(publisher),
    onClosed: (_closed, cause, detail) => void closes.push([cause, detail]),
  });
  const send = (bytes: Buffer) => socket.emit('data', bytes);
  send(handshakeBytes());
  return { clock, socket, closes, requests, connection, send };
}

describe('An RTMP connection that asks to publish', () => {
  it('is closed by a refusal, also when it has too much unread to receive the reason', () => {
    const { socket, closes, requests, connection, send } = open();
    // The four responses to a connect are large; the one to a createStream exceeds the limit by little.
    while (socket.writableLength < maxUnreadBytes - 1500 && !socket.destroyed) send(command(0, ['connect', 1, { tcUrl: 'a:b' }]));
    send(command(0, ['connect', 1, { app: 'live', tcUrl: 'a:b' }]));
    while (socket.writableLength <= maxUnreadBytes && !socket.destroyed) send(command(0, ['createStream', 2, null]));
    send(command(1, ['publish', 3, null, 'sk_wrong', 'live']));
    expect([requests, closes]).toEqual([[connection], []]);
    connection.refuse('This stream key is not valid.');
    expect(closes).toEqual([['garbage', 'it does not read its responses']]);
    expect(socket.destroyed).toBe(true);
  });

  it('is closed when no decision is made', () => {
    const { clock, closes, requests, connection, send } = open();
    send(publishBytes({ app: 'live', name: 'sk_right' }));
    expect(requests).toEqual([connection]);
    clock.advance(rtmpDeadlines.answerWithinMs - 1000);
    expect(closes).toEqual([]);
    clock.advance(2000);
    expect(closes).toEqual([['unanswered', undefined]]);
  });

  it('holds no buffers before data arrives', async () => {
    const before = await bytesInBuffers();
    const connections = Array.from({ length: 50 }, open);
    expect(((await bytesInBuffers()) - before) / connections.length).toBeLessThan(200_000);
  });
});
