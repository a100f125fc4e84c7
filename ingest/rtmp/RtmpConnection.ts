import type { Socket } from 'node:net';
import type { Clock } from '#engine/kernel';
import { RtmpProtocol } from './nodeMediaServer.ts';
import type { IngestSession } from '../session/IngestSession.ts';

const checkIntervalMs = 500;
/** Handshake and commands take 4 KB; a client that says more before it publishes is not an encoder. */
const maxOpeningBytes = 64 * 1024;
/** Answers are small; who asks again and again and does not read them is no encoder. */
const maxUnreadBytes = 256 * 1024;
/** Time for the reason of a refusal to reach the encoder, which shows it. */
const lingerMs = 200;

export interface RtmpDeadlines {
  /** From connecting to asking to publish. */
  publishWithinMs: number;
  /** From asking to publish to the answer. */
  answerWithinMs: number;
  /** Without a byte for so long, a publisher's connection is dead. */
  idleMs: number;
}

export type RtmpCloseCause = 'garbage' | 'tooSlow' | 'tooMuch' | 'unanswered' | 'idle' | 'crowdedOut' | 'closedByPeer' | 'unpublished' | 'ended' | 'play' | 'wrongApp' | 'refused' | 'stopping';

export interface RtmpConnectionOptions {
  socket: Socket;
  deadlines: RtmpDeadlines;
  clock: Clock;
  /** Decides about a publisher, and answers with `accept` or `refuse`. */
  onPublish(connection: RtmpConnection, request: { app: string; name: string }): void;
  onClosed(connection: RtmpConnection, cause: RtmpCloseCause, detail: string | undefined): void;
}

/**
 * One RTMP connection, from its first byte to its last: nothing that it sends hurts more than itself. Owns the socket;
 * hands the media of an accepted publisher to its IngestSession and to no one else.
 */
export class RtmpConnection {
  readonly address: string;
  readonly #options: RtmpConnectionOptions;
  readonly #protocol: RtmpProtocol;
  readonly #openedAtMs: number;
  #state: 'opening' | 'asking' | 'publishing' | 'closed' = 'opening';
  #early: { kind: 'audio' | 'video'; timestampMs: number; body: Uint8Array }[] = [];
  #encoder: IngestSession | undefined;
  #openingBytes = 0;
  #askedAtMs = 0;
  #lastByteAtMs: number;
  #cancelCheck: () => void = () => undefined;

  constructor(options: RtmpConnectionOptions) {
    this.#options = options;
    const { socket, clock } = options;
    this.address = socket.remoteAddress ?? 'unknown';
    this.#openedAtMs = clock.nowMs();
    this.#lastByteAtMs = this.#openedAtMs;
    this.#protocol = new RtmpProtocol({
      output: (bytes) => this.#say(bytes),
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

  /** Whoever asks to publish is heard out; one that has not come so far gives way to others. */
  get isOpening(): boolean {
    return this.#state === 'opening';
  }

  /** How far it has come before it asks to publish. */
  get progress(): number {
    return this.#protocol.progress;
  }

  get isClosed(): boolean {
    return this.#state === 'closed';
  }

  /** How long ago anything arrived. */
  get silentForMs(): number {
    return this.#options.clock.nowMs() - this.#lastByteAtMs;
  }

  /** From here on the encoder takes the media, beginning with what came before the answer. */
  accept(encoder: IngestSession): void {
    if (this.#state !== 'asking') return;
    this.#state = 'publishing';
    this.#encoder = encoder;
    this.#lastByteAtMs = this.#options.clock.nowMs();
    this.#protocol.acceptPublish();
    const early = this.#early;
    this.#early = [];
    for (const packet of early) encoder.packet(packet);
    this.#options.socket.resume();
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
    this.#early = [];
    const { socket, clock } = this.#options;
    if (cause === 'refused' || cause === 'play') {
      socket.end();
      clock.after(lingerMs, () => socket.destroy());
    } else {
      socket.destroy();
    }
    this.#encoder?.end('encoderGone');
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

  /** Closes instead of throwing: an answer may be due in the middle of the parser, or long after. */
  #say(bytes: Buffer): void {
    const { socket } = this.#options;
    if (!socket.writable) return;
    if (socket.writableLength > maxUnreadBytes) return this.close('garbage', 'it does not read what it asks for');
    socket.write(bytes);
  }

  #onPublish(request: { app: string; name: string }): void {
    if (this.#state !== 'opening') return this.close('garbage', 'it published twice');
    this.#state = 'asking';
    this.#askedAtMs = this.#options.clock.nowMs();
    // What is not read yet stays in the kernel until the key has been looked up.
    this.#options.socket.pause();
    this.#options.onPublish(this, request);
  }

  #onPacket(packet: { kind: 'audio' | 'video'; timestampMs: number; body: Buffer }): void {
    if (this.#encoder) this.#encoder.packet(packet);
    else if (this.#state === 'asking') this.#early.push({ ...packet, body: Uint8Array.from(packet.body) });
  }

  #checkLater(): void {
    this.#cancelCheck = this.#options.clock.after(checkIntervalMs, () => {
      const { publishWithinMs, answerWithinMs, idleMs } = this.#options.deadlines;
      const nowMs = this.#options.clock.nowMs();
      if (this.#state === 'opening' && nowMs - this.#openedAtMs > publishWithinMs) return this.close('tooSlow');
      if (this.#state === 'asking' && nowMs - this.#askedAtMs > answerWithinMs) return this.close('unanswered');
      if (this.#state === 'publishing' && this.silentForMs > idleMs) return this.close('idle');
      this.#checkLater();
    });
  }
}
