import type { TrackKind } from '#engine/contract';
import { ChunkReader, messageType } from './ChunkReader.ts';
import type { RtmpMessage } from './ChunkReader.ts';
import { acknowledgement, commandResult, connectResponse, handshakeResponse, pingRequest, pingResponse, publishNotice, statusMessage, windowSize } from './nodeMediaServer.ts';
import { readAggregate } from './readAggregate.ts';
import { readAmfValues } from './readAmf.ts';
import type { AmfValue } from './readAmf.ts';

/** What a client says about where it publishes. Each part may hold anything that people type. */
export interface PublishRequest {
  app: string;
  tcUrl: string;
  name: string;
}

export interface RtmpProtocolHandler {
  output(bytes: Buffer): void;
  /** The client asks to publish. `pause` stops reading until the decision. */
  publish(request: PublishRequest): void;
  play(): void;
  /** The client has ended its publication, and may publish again or close the connection. */
  unpublish(): void;
  /** `body` is valid only during the call. */
  media(packet: { kind: TrackKind; timestampMs: number; body: Buffer }): void;
}

/** C0 and C1, S0 and S1: RTMP specification §5.2. */
const helloBytes = 1537;
/** C2, which repeats S1 and is not checked. */
const echoBytes = 1536;
/** Versions in C0: 3 is RTMP, 6 is encrypted, and text protocols begin above 31. */
const version = { rtmp: 3, encrypted: 6, highest: 31 } as const;
/** The first byte of a TLS connection: ContentType handshake, RFC 8446 §5.1. */
const tlsHandshake = 22;
/** User control events: §7.1.7. */
const pingRequestEvent = 6;
const defaultWindowBytes = 2_500_000;
/** More often than this, acknowledgements would only cost. */
const minAcknowledgedBytes = 65_536;

/** Commands of encoders that need an answer and nothing else. */
const answeredCommands = new Set<AmfValue>(['releaseStream', 'FCPublish', 'FCUnpublish', '_checkbw', 'getStreamLength', 'getMovLen']);
const unpublishCommands = new Set<AmfValue>(['FCUnpublish', 'closeStream']);

/**
 * The server's side of RTMP for one connection that publishes: handshake, control messages and commands. Throws when the
 * client exceeds a limit or sends something other than RTMP; the connection cannot be used after that.
 */
export class RtmpProtocol {
  readonly #handler: RtmpProtocolHandler;
  readonly #chunks: ChunkReader;
  #opening: Buffer = Buffer.alloc(0);
  #state: 'hello' | 'echo' | 'chunks' = 'hello';
  #receivedBytes = 0;
  #acknowledgedBytes = 0;
  #windowBytes = defaultWindowBytes;
  #connection: { app: string; tcUrl: string } | undefined;
  #streams = 0;
  #publishStreamId = 0;
  #hasAnnounced = false;

  constructor(handler: RtmpProtocolHandler) {
    this.#handler = handler;
    this.#chunks = new ChunkReader((message) => this.#onMessage(message));
  }

  /** @throws RangeError when this is not RTMP or exceeds a limit */
  receive(bytes: Buffer): void {
    this.#receivedBytes += bytes.length;
    const chunks = this.#state === 'chunks' ? bytes : this.#shakeHands(bytes);
    if (!chunks) return;
    this.#chunks.push(chunks);
    this.#acknowledge();
  }

  /** Stops after the current message. Bytes that arrive meanwhile are kept. */
  pause(): void {
    this.#chunks.isPaused = true;
  }

  /** Reads on, beginning with what was kept. @throws RangeError as `receive` */
  resume(): void {
    this.#chunks.isPaused = false;
    this.#chunks.push(Buffer.alloc(0));
    this.#acknowledge();
  }

  /** How far the client has come in the handshake and the commands. */
  get progress(): number {
    if (this.#state !== 'chunks') return this.#state === 'echo' ? 2 : Math.min(1, this.#opening.length);
    return this.#connection ? 4 : 3;
  }

  acceptPublish(): void {
    this.#chunks.isPublishing = true;
    if (this.#hasAnnounced) this.#handler.output(publishNotice());
    this.#status('status', 'NetStream.Publish.Start', 'Publishing.');
  }

  refusePublish(sentence: string): void {
    this.#status('error', 'NetStream.Publish.BadName', sentence);
  }

  refusePlay(): void {
    this.#status('error', 'NetStream.Play.Failed', 'Lectures are not played over RTMP.');
  }

  /** Asks a quiet client whether it is there. */
  ping(nowMs: number): void {
    this.#handler.output(pingRequest(Math.floor(nowMs) % 2 ** 32));
  }

  /** The bytes after the handshake, once it is complete. */
  #shakeHands(bytes: Buffer): Buffer | undefined {
    this.#opening = this.#opening.length > 0 ? Buffer.concat([this.#opening, bytes]) : bytes;
    requireRtmp(this.#opening[0]);
    if (this.#state === 'hello') {
      if (this.#opening.length < helloBytes) return undefined;
      this.#state = 'echo';
      this.#handler.output(handshakeResponse(this.#opening.subarray(0, helloBytes)));
    }
    if (this.#opening.length < helloBytes + echoBytes) return undefined;
    this.#state = 'chunks';
    const chunks = this.#opening.subarray(helloBytes + echoBytes);
    this.#opening = Buffer.alloc(0);
    return chunks;
  }

  #onMessage(message: RtmpMessage): void {
    const { type, body } = message;
    switch (type) {
      case messageType.audio:
      case messageType.video:
        this.#handler.media({ kind: type === messageType.audio ? 'audio' : 'video', timestampMs: message.timestampMs, body });
        break;
      case messageType.aggregate:
        for (const part of readAggregate(message)) this.#onMessage(part);
        break;
      case messageType.command:
        this.#onCommand(message.streamId, readAmfValues(body));
        break;
      case messageType.amf3Command:
        // A byte that is 0, and then AMF0.
        this.#onCommand(message.streamId, readAmfValues(body.subarray(1)));
        break;
      case messageType.userControl:
        if (body.length >= 6 && body.readUInt16BE() === pingRequestEvent) this.#handler.output(pingResponse(body.readUInt32BE(2)));
        break;
      default:
        if (body.length >= 4) this.#onSetting(type, body.readUInt32BE());
    }
  }

  #onSetting(type: number, value: number): void {
    if (type === messageType.setChunkSize) this.#chunks.setChunkSize(value);
    else if (type === messageType.abort) this.#chunks.abort(value);
    else if (type === messageType.windowSize) this.#windowBytes = value;
    else if (type === messageType.peerBandwidth) this.#handler.output(windowSize(value));
  }

  #onCommand(streamId: number, values: readonly AmfValue[]): void {
    const [name, transaction] = values;
    const transactionId = typeof transaction === 'number' ? transaction : 0;
    if (name === 'connect') this.#connect(transactionId, values[2]);
    else if (name === 'createStream') this.#handler.output(commandResult(transactionId, (this.#streams += 1)));
    else if (name === 'publish') this.#publish(streamId, values[3]);
    else if (name === 'play' || name === 'play2') {
      this.#publishStreamId = streamId;
      this.#handler.play();
    }
    if (name === 'FCPublish') this.#hasAnnounced = true;
    if (answeredCommands.has(name)) this.#handler.output(commandResult(transactionId, undefined));
    // Deleting another message stream than the one that publishes changes nothing.
    if (unpublishCommands.has(name) || (name === 'deleteStream' && values[3] === this.#publishStreamId)) this.#handler.unpublish();
  }

  /** Whatever the command object holds or lacks, the connection opens: the stream key is what counts. */
  #connect(transactionId: number, object: AmfValue): void {
    const property = (name: string) => (object instanceof Map ? object.get(name) : undefined);
    this.#connection = { app: asText(property('app')), tcUrl: asText(property('tcUrl')) };
    const encoding = property('objectEncoding');
    this.#handler.output(connectResponse(transactionId, typeof encoding === 'number' ? encoding : 0));
  }

  #publish(streamId: number, name: AmfValue): void {
    this.#publishStreamId = streamId;
    this.#handler.publish({ app: this.#connection?.app ?? '', tcUrl: this.#connection?.tcUrl ?? '', name: asText(name) });
  }

  #status(level: 'status' | 'error', code: string, description: string): void {
    this.#handler.output(statusMessage(this.#publishStreamId, { level, code, description }));
  }

  /**
   * Hardware encoders stop without acknowledgements: §5.4.3. Nothing is acknowledged during a pause: the client may have sent
   * everything and closed the connection, and an answer to it would discard what has not been read.
   */
  #acknowledge(): void {
    if (this.#chunks.isPaused) return;
    if (this.#receivedBytes - this.#acknowledgedBytes < Math.max(minAcknowledgedBytes, this.#windowBytes / 2)) return;
    this.#acknowledgedBytes = this.#receivedBytes;
    this.#handler.output(acknowledgement(this.#receivedBytes));
  }
}

/** A server answers a version that it does not know with its own, §5.2.2. */
function requireRtmp(first: number | undefined): void {
  if (first === tlsHandshake) throw new RangeError('this is TLS (rtmps://) on the port of plain RTMP (rtmp://)');
  if (first === version.encrypted) throw new RangeError('this is encrypted RTMP (rtmpe://); use rtmp:// or rtmps://');
  if (first === undefined || first < version.rtmp || first > version.highest) throw new RangeError('this is not RTMP');
}

function asText(value: AmfValue): string {
  return typeof value === 'string' ? value : '';
}
