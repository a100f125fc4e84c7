import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { commandBody, handshakeBytes, messageBytes } from './rtmpBytes.ts';
import type { Amf, RtmpMessage } from './rtmpBytes.ts';

/** An RTMP client that sends what a test tells it to, valid or not. */
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

  static async connect(port: number, localAddress = '127.0.0.1'): Promise<RtmpClient> {
    const socket = connect({ port, host: '127.0.0.1', localAddress });
    const client = new RtmpClient(socket);
    await once(socket, 'connect');
    return client;
  }

  /** All bytes from the server, as text. */
  get received(): string {
    return this.#received.toString('latin1');
  }

  handshake(): void {
    this.socket.write(handshakeBytes());
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
    this.message({ type: 20, streamId, timestampMs: 0, body: commandBody(values) });
  }

  message(message: RtmpMessage): void {
    this.socket.write(messageBytes(message));
  }

  close(): void {
    this.socket.destroy();
  }
}
