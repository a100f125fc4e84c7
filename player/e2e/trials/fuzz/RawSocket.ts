import { withTimeout } from './withTimeout.ts';

const responseWithinMs = 60_000;
const request = '42/live,77["roster.list",{}]';
const ackPrefix = '43/live,77[';

/** A WebSocket that sends any frames to engine.io, without a Socket.IO client. Owns the WebSocket. */
export class RawSocket {
  readonly #socket: WebSocket;
  readonly #received: string[] = [];
  readonly closed: Promise<void>;

  private constructor(url: string) {
    this.#socket = new WebSocket(`${url.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`);
    this.#socket.binaryType = 'arraybuffer';
    this.closed = new Promise((resolve) => this.#socket.addEventListener('close', () => resolve(), { once: true }));
    this.#socket.addEventListener('message', ({ data }) => {
      const text = typeof data === 'string' ? data : '';
      if (text === '2') this.#socket.send('3');
      this.#received.push(text);
    });
  }

  /** After engine.io's handshake, without Socket.IO's. */
  static async open(url: string): Promise<RawSocket> {
    const raw = new RawSocket(url);
    await raw.#receives((text) => text.startsWith('0{'));
    return raw;
  }

  async connectNamespace(): Promise<void> {
    this.send('40/live,');
    await this.#receives((text) => text.startsWith('40/live,'));
  }

  send(frame: string | Uint8Array<ArrayBuffer>): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(frame);
  }

  /** Sends a simple request: the server responds, or has closed the connection; anything else is a hang. */
  async isServed(): Promise<boolean> {
    this.send(request);
    const served = this.#receives((text) => text.startsWith(ackPrefix)).then(() => true);
    return withTimeout('response after raw packets', responseWithinMs, Promise.race([served, this.closed.then(() => false)]));
  }

  get isClosed(): boolean {
    return this.#socket.readyState === WebSocket.CLOSED;
  }

  close(): void {
    this.#socket.close();
  }

  #receives(isIt: (text: string) => boolean): Promise<void> {
    const received = new Promise<void>((resolve) => {
      if (this.#received.some(isIt)) return resolve();
      this.#socket.addEventListener('message', ({ data }) => {
        if (typeof data === 'string' && isIt(data)) resolve();
      });
    });
    return withTimeout('handshake', responseWithinMs, Promise.race([received, this.closed]));
  }
}
