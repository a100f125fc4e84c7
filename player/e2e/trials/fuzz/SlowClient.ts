import net from 'node:net';
import { once } from 'node:events';

const dripEveryMs = 500;

/** An HTTP client that sends or reads slowly, to occupy the server. Owns its connection. */
export class SlowClient {
  readonly #socket: net.Socket;
  #drip: NodeJS.Timeout | undefined;
  #isDisconnected = false;

  private constructor(socket: net.Socket) {
    this.#socket = socket;
    socket.once('close', () => {
      this.#isDisconnected = true;
      clearInterval(this.#drip);
    });
    socket.on('error', () => socket.destroy());
  }

  /** Never ends its headers. */
  static async sendingHeaders(url: string): Promise<SlowClient> {
    const client = await SlowClient.#connect(url);
    client.#socket.write('GET / HTTP/1.1\r\nHost: lectern\r\n');
    return client.#dripping('X-Drop: x\r\n');
  }

  /** Never ends its body. */
  static async sendingBody(url: string): Promise<SlowClient> {
    const client = await SlowClient.#connect(url);
    client.#socket.write('POST /api/v1/users/login HTTP/1.1\r\nHost: lectern\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{');
    return client.#dripping(' ');
  }

  /** Requests a path so many times and reads no response. */
  static async notReading(url: string, path: string, times: number): Promise<SlowClient> {
    const client = await SlowClient.#connect(url);
    client.#socket.pause();
    client.#socket.write(`GET ${path} HTTP/1.1\r\nHost: lectern\r\n\r\n`.repeat(times));
    return client;
  }

  get isDisconnected(): boolean {
    return this.#isDisconnected;
  }

  close(): void {
    this.#socket.destroy();
  }

  static async #connect(url: string): Promise<SlowClient> {
    const socket = net.connect(Number(new URL(url).port), '127.0.0.1');
    await once(socket, 'connect');
    return new SlowClient(socket);
  }

  #dripping(drop: string): this {
    this.#drip = setInterval(() => this.#socket.write(drop), dripEveryMs);
    return this;
  }
}
