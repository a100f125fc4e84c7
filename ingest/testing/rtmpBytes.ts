import { randomBytes } from 'node:crypto';

/** A value to encode; a buffer is one that is encoded already. */
export type Amf = string | number | boolean | null | Buffer | { [name: string]: Amf };

/** The client's part of the simple handshake: C0, C1, C2. */
export function handshakeBytes(): Buffer {
  return Buffer.concat([Buffer.of(3), Buffer.alloc(8), randomBytes(1528), randomBytes(1536)]);
}

/** The commands of an encoder, from connect to publish. */
export function publishBytes({ app, name }: { app: string; name: string }): Buffer {
  const command = (streamId: number, values: Amf[]) => messageBytes({ type: 20, streamId, timestampMs: 0, body: commandBody(values) });
  return Buffer.concat([
    command(0, ['connect', 1, { app, tcUrl: `rtmp://127.0.0.1/${app}`, type: 'nonprivate' }]),
    command(0, ['createStream', 2, null]),
    command(1, ['publish', 3, null, name, 'live']),
  ]);
}

export function commandBody(values: readonly Amf[]): Buffer {
  return Buffer.concat(values.map(encodeAmf));
}

export interface RtmpMessage {
  type: number;
  streamId: number;
  timestampMs: number;
  body: Buffer;
  /** The length in the header, if it differs from the real one. */
  statedBytes?: number;
  chunkStream?: number;
  chunkBytes?: number;
  /** The type of the first chunk header. From 1 on it has `deltaMs` instead of the timestamp. */
  header?: 0 | 1 | 2 | 3;
  deltaMs?: number;
  /** The chunks of a message that carry its extended timestamp. */
  extendedIn?: 'every' | 'first';
}

/** One message in chunks: of 128 bytes, the initial chunk size, unless the sender has set another. */
export function messageBytes(message: RtmpMessage): Buffer {
  return Buffer.concat(messageChunks(message));
}

/** The chunks of one message. */
export function messageChunks(message: RtmpMessage): Buffer[] {
  const { body, chunkStream = 3, chunkBytes = 128, header = 0, extendedIn = 'every' } = message;
  const time = header === 0 ? message.timestampMs : (message.deltaMs ?? 0);
  const isExtended = time >= 0xff_ffff;
  const extended = isExtended ? uintBytes(time, 4) : Buffer.alloc(0);
  const fields = Buffer.concat([uintBytes(Math.min(time, 0xff_ffff), 3), uintBytes(message.statedBytes ?? body.length, 3), Buffer.of(message.type), streamBytes(message.streamId)]);
  const first = Buffer.concat([basicHeader(header, chunkStream), fields.subarray(0, [11, 7, 3, 0][header]), extended, body.subarray(0, chunkBytes)]);
  const chunks = [first];
  for (let at = chunkBytes; at < body.length; at += chunkBytes) {
    chunks.push(Buffer.concat([basicHeader(3, chunkStream), extendedIn === 'every' ? extended : Buffer.alloc(0), body.subarray(at, at + chunkBytes)]));
  }
  return chunks;
}

function basicHeader(type: number, chunkStream: number): Buffer {
  if (chunkStream < 64) return Buffer.of((type << 6) | chunkStream);
  return chunkStream < 320 ? Buffer.of(type << 6, chunkStream - 64) : Buffer.of((type << 6) | 1, (chunkStream - 64) & 255, (chunkStream - 64) >> 8);
}

function uintBytes(value: number, byteCount: number): Buffer {
  const out = Buffer.alloc(byteCount);
  out.writeUIntBE(value, 0, byteCount);
  return out;
}

/** The one field of RTMP that is little-endian. */
function streamBytes(streamId: number): Buffer {
  return uintBytes(streamId, 4).reverse();
}

function encodeAmf(value: Amf): Buffer {
  if (Buffer.isBuffer(value)) return value;
  if (value === null) return Buffer.of(5);
  if (typeof value === 'boolean') return Buffer.of(1, value ? 1 : 0);
  if (typeof value === 'number') {
    const out = Buffer.alloc(9);
    out.writeDoubleBE(value, 1);
    return out;
  }
  if (typeof value === 'string') return Buffer.concat([Buffer.of(2), encodeText(value)]);
  const fields = Object.entries(value).flatMap(([name, field]) => [encodeText(name), encodeAmf(field)]);
  return Buffer.concat([Buffer.of(3), ...fields, Buffer.of(0, 0, 9)]);
}

function encodeText(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.of(bytes.length >> 8, bytes.length & 255), bytes]);
}
