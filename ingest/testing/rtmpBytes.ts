import { randomBytes } from 'node:crypto';

export type Amf = string | number | boolean | null | { [name: string]: Amf };

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
}

/** One message in chunks of 128 bytes, the initial chunk size. */
export function messageBytes({ type, streamId, timestampMs, body, statedBytes = body.length, chunkStream = 3 }: RtmpMessage): Buffer {
  const header = Buffer.alloc(12);
  header[0] = chunkStream;
  header.writeUIntBE(timestampMs, 1, 3);
  header.writeUIntBE(statedBytes, 4, 3);
  header[7] = type;
  header.writeUInt32LE(streamId, 8);
  const parts: Buffer[] = [header];
  for (let at = 0; at < body.length; at += 128) {
    if (at > 0) parts.push(Buffer.of(0xc0 | chunkStream));
    parts.push(body.subarray(at, at + 128));
  }
  return Buffer.concat(parts);
}

function encodeAmf(value: Amf): Buffer {
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
