// Responsible for the network between an encoder and the server. Owns its listener and all connections through it.
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** An RTMP handshake and the commands before the first frame take about 4 kB. */
const openingBytes = 6000;

interface Connection {
  encoder: Socket;
  server: Socket;
  /** Nothing passes any more, while both ends stay connected. */
  isCut: boolean;
  sentBytes: number;
}

/** A TCP proxy that can drop all packets while both connections stay open, and can connect from another address of the machine. */
export class EncoderNetwork {
  /** The address from which the next connection reaches the server. */
  sourceAddress = '127.0.0.1';
  /** When the server was last sent something, in ms since the Unix epoch. */
  lastSentAtMs = 0;
  /** When the newest connection began to send media; undefined until it does. */
  mediaSinceMs: number | undefined;
  readonly #listener: Server;
  readonly #connections = new Set<Connection>();

  private constructor(listener: Server, serverPort: number) {
    this.#listener = listener;
    listener.on('connection', (encoder) => this.#connect(encoder, serverPort));
  }

  static async open(serverPort: number): Promise<EncoderNetwork> {
    const listener = createServer();
    const network = new EncoderNetwork(listener, serverPort);
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    return network;
  }

  /** The same stream, through this network. */
  addressThrough(streamUrl: string): string {
    const url = new URL(streamUrl);
    url.host = `127.0.0.1:${(this.#listener.address() as AddressInfo).port}`;
    return url.href;
  }

  /** From now on nothing passes on the present connections, and neither end notices. New connections work. */
  cut(): void {
    for (const connection of this.#connections) {
      connection.isCut = true;
      connection.encoder.pause();
      connection.server.pause();
    }
  }

  /** Resets the connections to the server, as a machine does that has crashed and restarted. */
  reset(): void {
    for (const { server, isCut } of this.#connections) if (!isCut) server.resetAndDestroy();
  }

  async close(): Promise<void> {
    for (const { encoder, server } of this.#connections) {
      encoder.destroy();
      server.destroy();
    }
    await new Promise((resolve) => this.#listener.close(resolve));
  }

  #connect(encoder: Socket, serverPort: number): void {
    const server = connect({ port: serverPort, host: '127.0.0.1', localAddress: this.sourceAddress });
    const connection: Connection = { encoder, server, isCut: false, sentBytes: 0 };
    this.#connections.add(connection);
    this.mediaSinceMs = undefined;
    encoder.on('data', (bytes) => this.#send(connection, bytes));
    server.on('data', (bytes) => connection.isCut || encoder.write(bytes));
    for (const [one, other] of [[encoder, server], [server, encoder]] as const) {
      one.on('error', () => one.destroy());
      one.on('close', () => {
        if (!connection.isCut) other.end();
        if (encoder.destroyed && server.destroyed) this.#connections.delete(connection);
      });
    }
  }

  #send(connection: Connection, bytes: Buffer): void {
    if (connection.isCut || connection.server.destroyed) return;
    connection.server.write(bytes);
    connection.sentBytes += bytes.length;
    this.lastSentAtMs = Date.now();
    if (connection.sentBytes > openingBytes) this.mediaSinceMs ??= this.lastSentAtMs;
  }
}
