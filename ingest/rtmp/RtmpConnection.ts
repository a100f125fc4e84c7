import type { Socket } from 'node:net';
import { isCoded } from '#engine/contract';
import type { Clock } from '#engine/kernel';
import { rtmpApp } from '../contract/index.ts';
import type { IngestConnection } from '../session/IngestConnection.ts';
import type { MediaReceiver } from '../session/MediaReceiver.ts';
import { FlvMediaReader } from './FlvMediaReader.ts';
import type { FlvPacket } from './FlvMediaReader.ts';
import { RtmpProtocol } from './nodeMediaServer.ts';
import { deadlineCheckIntervalMs, lingerMs, maxOpeningBytes, maxUnreadBytes } from '../limits.ts';
import type { RtmpDeadlines } from '../limits.ts';

export type RtmpCloseCause = 'garbage' | 'tooSlow' | 'tooMuch' | 'unanswered' | 'idle' | 'evicted' | 'closedByPeer' | 'unpublished' | 'ended' | 'play' | 'wrongApp' | 'refused' | 'stopping';

/** For these causes the socket stays open for a moment, so that the client receives the reason. */
const lingeringCauses = new Set<RtmpCloseCause>(['refused', 'wrongApp', 'play']);

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
 * media of an accepted publisher to its receiver.
 */
export class RtmpConnection implements IngestConnection {
  readonly protocol = 'rtmp';
  readonly displayName = 'Encoder';
  readonly address: string;
  readonly #options: RtmpConnectionOptions;
  readonly #protocol: RtmpProtocol;
  readonly #openedAtMs: number;
  #state: 'opening' | 'waiting' | 'publishing' | 'closed' = 'opening';
  #earlyPackets: FlvPacket[] = [];
  #receiver: MediaReceiver | undefined;
  #reader: FlvMediaReader | undefined;
  #openingBytes = 0;
  #requestedAtMs = 0;
  #lastByteAtMs: number;
  #cancelCheck: () => void = () => undefined;

  constructor(options: RtmpConnectionOptions) {
    this.#options = options;
    const { socket, clock } = options;
    this.address = socket.remoteAddress ?? 'unknown';
    this.#openedAtMs = clock.nowMs();
    this.#lastByteAtMs = this.#openedAtMs;
    this.#protocol = new RtmpProtocol({
      output: (bytes) => this.#send(bytes),
      publish: (request) => this.#onPublish(request),
      play: () => {
        this.#protocol.refusePlay();
        this.close('play');
      },
      unpublish: () => this.close('unpublished'),
      packet: (packet) => this.#onPacket(packet),
    });
    socket.setNoDelay(true);
    socket.on('data', (bytes) => this.#onData(bytes));
    socket.on('error', () => this.close('closedByPeer'));
    socket.on('close', () => this.close('closedByPeer'));
    this.#checkLater();
  }

  get isPublishing(): boolean {
    return this.#state === 'publishing';
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

  /** How long nothing has arrived, ms. */
  get silentForMs(): number {
    return this.#options.clock.nowMs() - this.#lastByteAtMs;
  }

  accept(receiver: MediaReceiver): void {
    if (this.#state !== 'waiting') return;
    const { clock, socket } = this.#options;
    this.#state = 'publishing';
    this.#receiver = receiver;
    this.#reader = new FlvMediaReader(clock, receiver);
    this.#lastByteAtMs = clock.nowMs();
    this.#protocol.acceptPublish();
    const early = this.#earlyPackets;
    this.#earlyPackets = [];
    for (const packet of early) this.#read(packet);
    socket.resume();
  }

  refuse(sentence: string): void {
    if (this.isClosed) return;
    this.#protocol.refusePublish(sentence);
    this.close('refused', sentence);
  }

  /** Idempotent. */
  close(cause: RtmpCloseCause, detail?: string): void {
    if (this.isClosed) return;
    this.#state = 'closed';
    this.#cancelCheck();
    this.#earlyPackets = [];
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

  #onData(bytes: Buffer): void {
    if (this.isClosed) return;
    this.#lastByteAtMs = this.#options.clock.nowMs();
    if (this.#state === 'opening') this.#openingBytes += bytes.length;
    if (this.#openingBytes > maxOpeningBytes + bytes.length) return this.close('tooMuch');
    try {
      this.#protocol.receive(bytes);
    } catch (err) {
      this.close('garbage', err instanceof Error ? err.message : String(err));
    }
  }

  /** Closes the connection instead of throwing, because the parser calls this too. */
  #send(bytes: Buffer): void {
    const { socket } = this.#options;
    if (!socket.writable) return;
    if (socket.writableLength > maxUnreadBytes) return this.close('garbage', 'it does not read its responses');
    socket.write(bytes);
  }

  #onPublish(request: { app: string; name: string }): void {
    if (this.#state !== 'opening') return this.close('garbage', 'it asked to publish twice');
    this.#state = 'waiting';
    this.#requestedAtMs = this.#options.clock.nowMs();
    // Unread bytes stay in the kernel until the key has been looked up.
    this.#options.socket.pause();
    if (request.app === rtmpApp) return this.#options.onPublish(this, request.name);
    const sentence = `The server address is wrong: it must end in /${rtmpApp}. Copy it from the course page.`;
    this.#protocol.refusePublish(sentence);
    this.close('wrongApp', sentence);
  }

  #onPacket(packet: FlvPacket): void {
    if (this.#reader) this.#read(packet);
    else if (this.#state === 'waiting') this.#earlyPackets.push({ ...packet, body: Uint8Array.from(packet.body) });
  }

  #read(packet: FlvPacket): void {
    if (this.isClosed) return;
    try {
      this.#reader?.packet(packet);
    } catch (err) {
      if (!isCoded(err, 'media.unsupported')) throw err;
      this.#receiver?.end('refused', err.message);
    }
  }

  #checkLater(): void {
    this.#cancelCheck = this.#options.clock.after(deadlineCheckIntervalMs, () => {
      const { publishWithinMs, answerWithinMs, idleMs } = this.#options.deadlines;
      const nowMs = this.#options.clock.nowMs();
      if (this.#state === 'opening' && nowMs - this.#openedAtMs > publishWithinMs) return this.close('tooSlow');
      if (this.#state === 'waiting' && nowMs - this.#requestedAtMs > answerWithinMs) return this.close('unanswered');
      if (this.#state === 'publishing' && this.silentForMs > idleMs) return this.close('idle');
      this.#checkLater();
    });
  }
}
