import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { EncodedFrame } from '#engine/media';
import { ManualClock } from '#engine/testing';
import { commandBody, handshakeBytes, messageBytes, publishBytes } from '../testing/index.ts';
import type { Amf } from '../testing/index.ts';
import { RtmpConnection } from './RtmpConnection.ts';
import type { MediaReceiver, SourceTiming } from '../session/MediaReceiver.ts';
import { aheadNoticeMs, maxAheadMs, maxUnreadBytes, pingIntervalMs, rtmpDeadlines } from '../limits.ts';

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

const key = 'sk_00000000000000000000000000';
const tag = (type: 8 | 9, timestampMs: number, body: readonly number[]) => messageBytes({ type, streamId: 1, timestampMs, chunkStream: type, body: Buffer.from(body) });
const audioConfig = tag(8, 0, [0xaf, 0, 0x11, 0x90]);
const audioFrame = (timestampMs: number) => tag(8, timestampMs, [0xaf, 1, 0x21, 0x10]);

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

/** Keeps what a session would get. */
class HeardMedia implements MediaReceiver {
  readonly times: number[] = [];
  readonly timings: SourceTiming[] = [];
  readonly ends: string[] = [];
  readonly #clock: ManualClock;
  lastAheadMs = 0;

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  frame(_kind: string, { decodeTimeUs }: EncodedFrame): void {
    this.times.push(decodeTimeUs / 1000);
    this.lastAheadMs = decodeTimeUs / 1000 - this.#clock.nowMs();
  }

  timing(timing: SourceTiming): void {
    this.timings.push(timing);
  }

  end(reason: string): void {
    this.ends.push(reason);
  }

  arrived(): void {}
  videoConfig(): void {}
  audioFormat(): void {}
  damaged(): void {}
  unreadable(): void {}
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
    send(command(1, ['publish', 3, null, key, 'live']));
    expect([requests, closes]).toEqual([[connection], []]);
    connection.refuse('This stream key is not valid.');
    expect(closes).toEqual([['garbage', 'it does not read its responses']]);
    expect(socket.destroyed).toBe(true);
  });

  it('is closed when no decision is made', () => {
    const { clock, closes, requests, connection, send } = open();
    send(publishBytes({ app: 'live', name: key }));
    expect(requests).toEqual([connection]);
    clock.advance(rtmpDeadlines.answerWithinMs - 1000);
    expect(closes).toEqual([]);
    clock.advance(2000);
    expect(closes).toEqual([['unanswered', undefined]]);
  });

  it('is told what is wrong with its stream key, without a look-up', () => {
    const { closes, requests, send } = open();
    send(publishBytes({ app: 'live', name: 'sk_abc' }));
    expect(requests).toEqual([]);
    expect(closes).toEqual([['wrongAddress', expect.stringContaining('The stream key has 6 characters instead of 29') as string]]);
  });

  it('holds no buffers before data arrives', async () => {
    const before = await bytesInBuffers();
    const connections = Array.from({ length: 50 }, open);
    expect(((await bytesInBuffers()) - before) / connections.length).toBeLessThan(200_000);
  });
});

function publishing() {
  const opened = open();
  const media = new HeardMedia(opened.clock);
  opened.send(publishBytes({ app: 'live', name: key }));
  opened.connection.accept(media);
  return { ...opened, media };
}

/** Advances in steps of 100 ms. */
function pass(clock: ManualClock, ms: number, each: () => void = () => undefined): void {
  for (let passedMs = 0; passedMs < ms; passedMs += 100) {
    clock.advance(100);
    each();
  }
}

describe('An RTMP connection that publishes', () => {
  it('reads a file that is sent at once no faster than it plays, and says so', () => {
    const { clock, socket, send, media } = publishing();
    send(Buffer.concat([audioConfig, ...Array.from({ length: 1500 }, (_, index) => audioFrame(index * 20))]));
    expect(socket.isPaused()).toBe(true);
    let mostAheadMs = 0;
    pass(clock, 32_000, () => (mostAheadMs = Math.max(mostAheadMs, media.lastAheadMs)));
    expect(media.times).toHaveLength(1500);
    expect(mostAheadMs).toBeLessThanOrEqual(maxAheadMs + 20);
    // TimeMap may shorten durations by 2 % after a burst.
    expect(media.times.every((time, index) => index === 0 || Math.abs(time - media.times[index - 1]! - 20) < 0.5)).toBe(true);
    expect(socket.isPaused()).toBe(false);
    expect(media.timings).toEqual(['ahead']);
  });

  it('reads what a sender that was too fast has sent before it closed', () => {
    const { clock, socket, closes, send, media } = publishing();
    send(Buffer.concat([audioConfig, ...Array.from({ length: 300 }, (_, index) => audioFrame(index * 20))]));
    socket.emit('close');
    expect(closes).toEqual([]);
    pass(clock, 6000);
    expect(media.times).toHaveLength(300);
    expect([closes, media.ends]).toEqual([[['closedByPeer', undefined]], ['disconnected']]);
  });

  it('says that a sender is no longer ahead when it has kept to the clock for a while', () => {
    const { clock, send, media } = publishing();
    send(Buffer.concat([audioConfig, ...Array.from({ length: 200 }, (_, index) => audioFrame(index * 20))]));
    pass(clock, 4000);
    let sentMs = 4000;
    pass(clock, aheadNoticeMs + 1000, () => send(audioFrame((sentMs += 100))));
    expect(media.timings).toEqual(['ahead', 'good']);
  });

  it('stays open while it is read slowly', () => {
    const { clock, closes, connection, send } = publishing();
    send(Buffer.concat([audioConfig, ...Array.from({ length: 8 }, (_, index) => audioFrame(index * 4900))]));
    pass(clock, 32_000, () => expect(connection.silentForMs).toBeLessThanOrEqual(1000));
    expect(closes).toEqual([]);
  });

  it('is not slowed down by a burst after a stalled network', () => {
    const { clock, socket, send, media } = publishing();
    send(Buffer.concat([audioConfig, audioFrame(0)]));
    clock.advance(8000);
    send(Buffer.concat(Array.from({ length: 400 }, (_, index) => audioFrame((index + 1) * 20))));
    expect(media.times).toHaveLength(401);
    expect(socket.isPaused()).toBe(false);
    expect(media.timings).toEqual([]);
  });

  it('is pinged while it sends nothing, and stays open as long as it answers', () => {
    const { clock, socket, closes, connection, send } = publishing();
    const written: Buffer[] = [];
    socket.write = (bytes: Buffer) => written.push(bytes) > 0;
    const pings = () => written.filter((bytes) => bytes.length === 18 && bytes.readUInt16BE(12) === 6);
    const pong = () => send(messageBytes({ type: 4, streamId: 0, timestampMs: 0, chunkStream: 2, body: Buffer.from([0, 7, 0, 0, 0, 0]) }));
    for (let round = 1; round <= 12; round += 1) {
      clock.advance(pingIntervalMs + 1000);
      expect(pings().length).toBeGreaterThanOrEqual(round);
      pong();
    }
    expect(closes).toEqual([]);
    expect(connection.silentForMs).toBeGreaterThan(30_000);
    clock.advance(rtmpDeadlines.idleMs + 1000);
    expect(closes).toEqual([['idle', undefined]]);
  });

  it('ends its session when it unpublishes, leaves the closing to the client, and may publish again', () => {
    const { clock, socket, closes, requests, connection, send, media } = publishing();
    send(Buffer.concat([command(1, ['FCUnpublish', 6, null, key]), command(1, ['deleteStream', 7, null, 1])]));
    connection.close('ended');
    expect(media.ends).toEqual(['disconnected']);
    expect([closes, socket.destroyed]).toEqual([[], false]);
    send(Buffer.concat([command(0, ['createStream', 8, null]), command(2, ['publish', 9, null, key, 'live'])]));
    expect(requests).toHaveLength(2);
    const second = new HeardMedia(clock);
    connection.accept(second);
    send(Buffer.concat([audioConfig, audioFrame(0)]));
    expect(second.times).toHaveLength(1);
    send(command(2, ['deleteStream', 10, null, 2]));
    clock.advance(rtmpDeadlines.publishWithinMs + 1000);
    expect(closes).toEqual([['unpublished', undefined]]);
  });
});
