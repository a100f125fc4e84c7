import type { Socket } from 'node:net';
import { isCoded } from '#engine/contract';
import type { Clock } from '#engine/kernel';
import type { IngestConnection } from '../session/IngestConnection.ts';
import type { MediaReceiver } from '../session/MediaReceiver.ts';
import { FlvMediaReader } from './FlvMediaReader.ts';
import type { FlvPacket } from './FlvMediaReader.ts';
import { readStreamKey } from './readStreamKey.ts';
import { relayRtmp } from './relayRtmp.ts';
import { RtmpProtocol } from './RtmpProtocol.ts';
import type { PublishRequest } from './RtmpProtocol.ts';
import { deadlineCheckIntervalMs, lingerMs, maxAheadMs, maxOpeningBytes, maxPauseMs, maxUnreadBytes, minPauseMs, pingIntervalMs } from '../limits.ts';
import type { RtmpDeadlines } from '../limits.ts';

export type RtmpCloseCause = 'garbage' | 'tooSlow' | 'tooMuch' | 'unanswered' | 'idle' | 'evicted' | 'closedByPeer' | 'unpublished' | 'ended' | 'play' | 'wrongAddress' | 'refused' | 'stopping';

/** For these causes the socket stays open for a moment, so that the client receives the reason. */
const lingeringCauses = new Set<RtmpCloseCause>(['refused', 'wrongAddress', 'play']);

export interface RtmpConnectionOptions {
  socket: Socket;
  deadlines: RtmpDeadlines;
  clock: Clock;
  /** Decides about a request to publish, and calls `accept` or `refuse`. */
  onPublish(connection: RtmpConnection, streamKey: string): void;
  onClosed(connection: RtmpConnection, cause: RtmpCloseCause, detail: string | undefined): void;
}

/**
 * One RTMP connection. Invalid or excessive input closes this connection and affects no other. Owns the socket; passes the
 * media of an accepted publisher to its receiver, as fast as it may be played: a sender that is too fast waits. A client that
 * ends its publication closes the connection itself, or publishes again.
 */
export class RtmpConnection implements IngestConnection {
  readonly protocol = 'rtmp';
  readonly displayName = 'Encoder';
  readonly address: string;
  readonly #options: RtmpConnectionOptions;
  readonly #protocol: RtmpProtocol;
  #state: 'opening' | 'waiting' | 'publishing' | 'relayed' | 'closed' = 'opening';
  /** When the state began. */
  #sinceMs: number;
  #hasPublished = false;
  #receiver: MediaReceiver | undefined;
  #reader: FlvMediaReader | undefined;
  #openingBytes = 0;
  /** What it has sent until it asked to publish. */
  #opened: Buffer[] = [];
  #answeredBytes = 0;
  #endRelay: () => void = () => undefined;
  #lastByteAtMs: number;
  #lastMediaAtMs: number;
  #pingedAtMs = -Infinity;
  #isTooFast = false;
  #isPeerGone = false;
  #cancelCheck: () => void = () => undefined;
  #cancelPause: () => void = () => undefined;

  constructor(options: RtmpConnectionOptions) {
    this.#options = options;
    const { socket, clock } = options;
    this.address = socket.remoteAddress ?? 'unknown';
    this.#sinceMs = clock.nowMs();
    this.#lastByteAtMs = this.#sinceMs;
    this.#lastMediaAtMs = this.#sinceMs;
    this.#protocol = new RtmpProtocol({
      output: (bytes) => this.#send(bytes),
      publish: (request) => this.#onPublish(request),
      play: () => {
        this.#protocol.refusePlay();
        this.close('play');
      },
      unpublish: () => this.#onUnpublish(),
      media: (packet) => this.#onMedia(packet),
    });
    socket.setNoDelay(true);
    socket.on('data', this.#onData);
    socket.on('error', () => this.#onPeerGone());
    socket.on('close', () => this.#onPeerGone());
    this.#checkLater();
  }

  get isPublishing(): boolean {
    return this.#state === 'publishing';
  }

  /** Another node has it. */
  get isRelayed(): boolean {
    return this.#state === 'relayed';
  }

  /** It has not asked to publish yet. Only such a connection can be evicted. */
  get isOpening(): boolean {
    return this.#state === 'opening';
  }

  /** How far it has come in the handshake and the commands. */
  get progress(): number {
    return this.#protocol.progress;
  }

  get isClosed(): boolean {
    return this.#state === 'closed';
  }

  /** How long no media has arrived, ms. */
  get silentForMs(): number {
    return this.#options.clock.nowMs() - this.#lastMediaAtMs;
  }

  accept(receiver: MediaReceiver): void {
    if (this.#state !== 'waiting') return;
    this.#enter('publishing');
    this.#opened = [];
    this.#hasPublished = true;
    this.#receiver = receiver;
    this.#reader = new FlvMediaReader(this.#options.clock, receiver);
    this.#protocol.acceptPublish();
    this.#resumeReading();
  }

  refuse(sentence: string): void {
    if (this.isClosed) return;
    this.#protocol.refusePublish(sentence);
    this.close('refused', sentence);
  }

  relay(address: string): void {
    if (this.#state !== 'waiting') return;
    if (this.#hasPublished) return this.refuse('The lecture has moved to another server. Press Start Streaming again.');
    this.#enter('relayed');
    const { socket } = this.#options;
    socket.off('data', this.#onData);
    const onClosed = (isConnected: boolean) => (isConnected ? this.close('closedByPeer') : this.refuse('The server of this lecture does not answer. Press Start Streaming again in a moment.'));
    this.#endRelay = relayRtmp({ socket, address, sent: this.#opened, answeredBytes: this.#answeredBytes, onClosed });
    this.#opened = [];
  }

  /** Idempotent. A session that its client has unpublished ends without the connection. */
  close(cause: RtmpCloseCause, detail?: string): void {
    if (this.isClosed || (cause === 'ended' && !this.#receiver)) return;
    this.#state = 'closed';
    this.#cancelCheck();
    this.#cancelPause();
    this.#endRelay();
    const { socket, clock } = this.#options;
    if (lingeringCauses.has(cause)) {
      socket.end();
      clock.after(lingerMs, () => socket.destroy());
    } else {
      socket.destroy();
    }
    this.#receiver?.end('disconnected');
    this.#options.onClosed(this, cause, detail);
  }

  #enter(state: 'opening' | 'waiting' | 'publishing' | 'relayed'): void {
    this.#state = state;
    this.#sinceMs = this.#options.clock.nowMs();
    this.#lastByteAtMs = this.#sinceMs;
    this.#lastMediaAtMs = this.#sinceMs;
  }

  readonly #onData = (bytes: Buffer): void => {
    if (this.isClosed) return;
    this.#lastByteAtMs = this.#options.clock.nowMs();
    if (this.#state === 'opening') {
      this.#openingBytes += bytes.length;
      this.#opened.push(bytes);
    }
    if (this.#openingBytes > maxOpeningBytes + bytes.length) return this.close('tooMuch');
    this.#parse(() => this.#protocol.receive(bytes));
  };

  #parse(read: () => void): void {
    try {
      read();
    } catch (err) {
      this.close('garbage', err instanceof Error ? err.message : String(err));
    }
  }

  /** Unread bytes stay in the kernel, so that TCP makes the client wait. */
  #pauseReading(): void {
    this.#protocol.pause();
    this.#options.socket.pause();
  }

  /** Reads what has arrived before the pause, which may cause the next one. */
  #resumeReading(): void {
    this.#options.socket.resume();
    this.#parse(() => this.#protocol.resume());
  }

  /** Closes the connection instead of throwing, because the parser calls this too. */
  #send(bytes: Buffer): void {
    const { socket } = this.#options;
    if (!socket.writable) return;
    if (socket.writableLength > maxUnreadBytes) return this.close('garbage', 'it does not read its responses');
    this.#answeredBytes += bytes.length;
    socket.write(bytes);
  }

  #onPublish(request: PublishRequest): void {
    if (this.#state !== 'opening') return this.#protocol.refusePublish('This connection publishes already.');
    this.#enter('waiting');
    this.#pauseReading();
    const { key, problem } = readStreamKey(request);
    if (key !== undefined) return this.#options.onPublish(this, key);
    this.#protocol.refusePublish(problem);
    this.close('wrongAddress', problem);
  }

  #onUnpublish(): void {
    if (this.#state !== 'publishing') return;
    const receiver = this.#receiver;
    this.#enter('opening');
    this.#openingBytes = 0;
    this.#receiver = undefined;
    this.#reader = undefined;
    receiver?.end('disconnected');
  }

  #onMedia(packet: FlvPacket): void {
    const reader = this.#reader;
    if (this.isClosed || !reader) return;
    this.#lastMediaAtMs = this.#options.clock.nowMs();
    try {
      reader.packet(packet);
    } catch (err) {
      if (!isCoded(err, 'media.unsupported')) throw err;
      this.#receiver?.end('refused', err.message);
    }
    this.#waitUntilDue(reader);
  }

  /** Does not read media that is ahead of the clock: a file that is sent as fast as possible arrives as fast as it plays. */
  #waitUntilDue(reader: FlvMediaReader): void {
    const tooEarlyMs = reader.aheadMs - maxAheadMs;
    this.#isTooFast = tooEarlyMs > 0 && this.#state === 'publishing';
    if (!this.#isTooFast) return;
    this.#pauseReading();
    this.#cancelPause();
    this.#cancelPause = this.#options.clock.after(Math.min(maxPauseMs, Math.max(minPauseMs, tooEarlyMs)), () => {
      this.#lastByteAtMs = this.#options.clock.nowMs();
      this.#lastMediaAtMs = this.#lastByteAtMs;
      this.#waitUntilDue(reader);
      if (!this.#isTooFast) this.#resumeReading();
      if (!this.#isTooFast && this.#isPeerGone) this.close('closedByPeer');
    });
  }

  /** What a sender that was too fast has sent before it closed is still read. */
  #onPeerGone(): void {
    this.#isPeerGone = true;
    if (!this.#isTooFast) this.close('closedByPeer');
  }

  #checkLater(): void {
    this.#cancelCheck = this.#options.clock.after(deadlineCheckIntervalMs, () => {
      const { publishWithinMs, answerWithinMs, idleMs } = this.#options.deadlines;
      const nowMs = this.#options.clock.nowMs();
      if (this.#state === 'opening' && nowMs - this.#sinceMs > publishWithinMs) return this.close(this.#hasPublished ? 'unpublished' : 'tooSlow');
      if (this.#state === 'waiting' && nowMs - this.#sinceMs > answerWithinMs) return this.close('unanswered');
      if (this.#state === 'publishing' && nowMs - this.#lastByteAtMs > idleMs) return this.close('idle');
      if (this.#state === 'publishing') this.#pingWhenQuiet(nowMs);
      this.#checkLater();
    });
  }

  /** Pings a silent encoder. An encoder that only has nothing to send answers; one that has lost its network does not. */
  #pingWhenQuiet(nowMs: number): void {
    if (nowMs - Math.max(this.#lastByteAtMs, this.#pingedAtMs) < pingIntervalMs) return;
    this.#pingedAtMs = nowMs;
    this.#protocol.ping(nowMs);
  }
}
