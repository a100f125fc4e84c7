import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** An RTMP handshake and the commands before the first frame take about 4 kB. */
const openingBytes = 6000;

interface Link {
  encoder: Socket;
  server: Socket;
  /** Nothing passes any more, while both ends stay connected. */
  isHanging: boolean;
  sentBytes: number;
}

/**
 * The network between an encoder and the server: can be cut so that packets vanish while both TCP connections stay open,
 * and can lead through another address of the machine. Owns its listener and all connections.
 */
export class EncoderNetwork {
  /** Where the server sees the next connection come from. */
  sourceAddress = '127.0.0.1';
  /** When the server was last sent something, ms since the Unix epoch. */
  lastSentAtMs = 0;
  /** When the newest connection began to send media; undefined while it does not. */
  mediaSinceMs: number | undefined;
  readonly #listener: Server;
  readonly #links = new Set<Link>();

  private constructor(listener: Server, serverPort: number) {
    this.#listener = listener;
    listener.on('connection', (encoder) => this.#join(encoder, serverPort));
  }

  static async lay(serverPort: number): Promise<EncoderNetwork> {
    const listener = createServer();
    const cable = new EncoderNetwork(listener, serverPort);
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    return cable;
  }

  /** The same address, through this cable. */
  through(streamUrl: string): string {
    const url = new URL(streamUrl);
    url.host = `127.0.0.1:${(this.#listener.address() as AddressInfo).port}`;
    return url.href;
  }

  /** From now on nothing passes on the connections there are, and neither end is told. New ones work. */
  cut(): void {
    for (const link of this.#links) {
      link.isHanging = true;
      link.encoder.pause();
      link.server.pause();
    }
  }

  /** The server sees a reset, as when the encoder's machine crashed and came up again. */
  crash(): void {
    for (const { server, isHanging } of this.#links) if (!isHanging) server.resetAndDestroy();
  }

  async close(): Promise<void> {
    for (const { encoder, server } of this.#links) {
      encoder.destroy();
      server.destroy();
    }
    await new Promise((resolve) => this.#listener.close(resolve));
  }

  #join(encoder: Socket, serverPort: number): void {
    const server = connect({ port: serverPort, host: '127.0.0.1', localAddress: this.sourceAddress });
    const link: Link = { encoder, server, isHanging: false, sentBytes: 0 };
    this.#links.add(link);
    this.mediaSinceMs = undefined;
    encoder.on('data', (bytes) => this.#send(link, bytes));
    server.on('data', (bytes) => link.isHanging || encoder.write(bytes));
    for (const [one, other] of [[encoder, server], [server, encoder]] as const) {
      one.on('error', () => one.destroy());
      one.on('close', () => {
        if (!link.isHanging) other.end();
        if (encoder.destroyed && server.destroyed) this.#links.delete(link);
      });
    }
  }

  #send(link: Link, bytes: Buffer): void {
    if (link.isHanging || link.server.destroyed) return;
    link.server.write(bytes);
    link.sentBytes += bytes.length;
    this.lastSentAtMs = Date.now();
    if (link.sentBytes > openingBytes) this.mediaSinceMs ??= this.lastSentAtMs;
  }
}
