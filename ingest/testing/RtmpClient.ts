import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

type Amf = string | number | boolean | null | { [name: string]: Amf };

/** An RTMP client that says what a test tells it to, well or badly. */
export class RtmpClient {
  readonly socket: Socket;
  readonly closed: Promise<unknown>;
  #received: Buffer = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('data', (bytes) => (this.#received = Buffer.concat([this.#received, bytes])));
    socket.on('error', () => undefined);
  }

  static async connect(port: number): Promise<RtmpClient> {
    const socket = connect(port, '127.0.0.1');
    const client = new RtmpClient(socket);
    await once(socket, 'connect');
    return client;
  }

  /** Everything the server said, as text to search in. */
  get heard(): string {
    return this.#received.toString('latin1');
  }

  handshake(): void {
    this.socket.write(Buffer.concat([Buffer.of(3), Buffer.alloc(8), randomBytes(1528), randomBytes(1536)]));
  }

  connectApp(app: string): void {
    this.command(0, ['connect', 1, { app, tcUrl: `rtmp://127.0.0.1/${app}`, type: 'nonprivate' }]);
    this.command(0, ['createStream', 2, null]);
  }

  publish(name: string): void {
    this.command(1, ['publish', 3, null, name, 'live']);
  }

  play(name: string): void {
    this.command(1, ['play', 3, null, name]);
  }

  command(streamId: number, values: Amf[]): void {
    this.message({ type: 20, streamId, timestampMs: 0, body: Buffer.concat(values.map(encodeAmf)) });
  }

  /** One message in chunks of 128 bytes, the size both sides begin with. */
  message({ type, streamId, timestampMs, body }: { type: number; streamId: number; timestampMs: number; body: Buffer }): void {
    const header = Buffer.alloc(12);
    header[0] = 3;
    header.writeUIntBE(timestampMs, 1, 3);
    header.writeUIntBE(body.length, 4, 3);
    header[7] = type;
    header.writeUInt32LE(streamId, 8);
    const parts: Buffer[] = [header];
    for (let at = 0; at < body.length; at += 128) {
      if (at > 0) parts.push(Buffer.of(0xc3));
      parts.push(body.subarray(at, at + 128));
    }
    this.socket.write(Buffer.concat(parts));
  }

  close(): void {
    this.socket.destroy();
  }
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
