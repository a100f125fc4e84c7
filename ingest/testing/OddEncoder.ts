import type { TrackKind } from '#engine/contract';
import type { FlvTag } from '#engine/media';
import { commandBody, handshakeBytes, messageBytes } from './rtmpBytes.ts';
import type { Amf, RtmpMessage } from './rtmpBytes.ts';
import type { RtmpClient } from './RtmpClient.ts';

export interface MediaTag {
  kind: TrackKind;
  timestampMs: number;
  body: Buffer;
}

const rtmpType = { audio: 8, video: 9, setChunkSize: 1, command: 20 } as const;

/** Sends a clip over RTMP, in any way that a test describes: each step can be replaced, and each message written differently. */
export class OddEncoder {
  readonly key: string;
  readonly tags: readonly MediaTag[];
  readonly #client: RtmpClient;
  /** Applied to every message. */
  style: Partial<RtmpMessage> = {};
  readonly chunkStreams: Record<TrackKind, number> = { audio: 4, video: 6 };
  /** The message stream to publish on. */
  streamId = 1;
  /** The time of the first tag. */
  startMs = 0;

  constructor(client: RtmpClient, key: string, clip: readonly FlvTag[]) {
    this.#client = client;
    this.key = key;
    this.tags = clip.flatMap(({ kind, timestampMs, body }) => (kind === 'other' ? [] : [{ kind, timestampMs, body }]));
  }

  write(bytes: Buffer): void {
    this.#client.socket.write(bytes);
  }

  handshake(): void {
    this.write(handshakeBytes());
  }

  connect(properties: Record<string, Amf> = { app: 'live', tcUrl: 'rtmp://127.0.0.1/live', type: 'nonprivate' }): void {
    this.command(['connect', 1, properties]);
    this.command(['createStream', 2, null]);
  }

  publish(name = this.key): void {
    this.command(['publish', 3, null, name, 'live'], this.streamId);
  }

  command(values: Amf[], streamId = 0): void {
    this.message({ type: rtmpType.command, streamId, body: commandBody(values) });
  }

  /** Sets the size of its own chunks, or states another one. */
  setChunkSize(bytes: number, stated = bytes): void {
    const body = Buffer.alloc(4);
    body.writeUInt32BE(stated);
    this.message({ type: rtmpType.setChunkSize, chunkStream: 2, body });
    this.style = { ...this.style, chunkBytes: bytes };
  }

  message(message: Partial<RtmpMessage> & { type: number; body: Buffer }): void {
    this.write(messageBytes({ streamId: 0, timestampMs: 0, ...this.style, ...message }));
  }

  /** The message of a tag, to be written in chunks. */
  messageOf({ kind, timestampMs, body }: MediaTag): RtmpMessage {
    const time = (this.startMs + timestampMs) % 2 ** 32;
    return { type: rtmpType[kind], streamId: this.streamId, chunkStream: this.chunkStreams[kind], ...this.style, timestampMs: time, body };
  }

  tag(tag: MediaTag): void {
    this.write(messageBytes(this.messageOf(tag)));
  }

  /** Sends the clip; `change` may replace a tag by others. */
  clip(change: (tag: MediaTag) => readonly MediaTag[] = (tag) => [tag]): void {
    for (const tag of this.tags) for (const changed of change(tag)) this.tag(changed);
  }
}
