import { withTimeout } from './withTimeout.ts';

const answerWithinMs = 8000;
const question = '42/live,77["roster.list",{}]';
const answerHead = '43/live,77[';

/** A WebSocket below Socket.IO, which says what it likes to engine.io. Owns the WebSocket. */
export class RawSocket {
  readonly #socket: WebSocket;
  readonly #heard: string[] = [];
  readonly closed: Promise<void>;

  private constructor(url: string) {
    this.#socket = new WebSocket(`${url.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`);
    this.#socket.binaryType = 'arraybuffer';
    this.closed = new Promise((resolve) => this.#socket.addEventListener('close', () => resolve(), { once: true }));
    this.#socket.addEventListener('message', ({ data }) => {
      const text = typeof data === 'string' ? data : '';
      if (text === '2') this.#socket.send('3');
      this.#heard.push(text);
    });
  }

  /** With engine.io's own greeting, and without Socket.IO's. */
  static async open(url: string): Promise<RawSocket> {
    const raw = new RawSocket(url);
    await raw.#hears((text) => text.startsWith('0{'));
    return raw;
  }

  async connectNamespace(): Promise<void> {
    this.send('40/live,');
    await this.#hears((text) => text.startsWith('40/live,'));
  }

  send(frame: string | Uint8Array<ArrayBuffer>): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(frame);
  }

  /** Asks something simple: the server answers, or has closed the connection; anything else is a hang. */
  async isServed(): Promise<boolean> {
    this.send(question);
    const served = this.#hears((text) => text.startsWith(answerHead)).then(() => true);
    return withTimeout('answer after raw packets', answerWithinMs, Promise.race([served, this.closed.then(() => false)]));
  }

  get isClosed(): boolean {
    return this.#socket.readyState === WebSocket.CLOSED;
  }

  close(): void {
    this.#socket.close();
  }

  #hears(isIt: (text: string) => boolean): Promise<void> {
    const heard = new Promise<void>((resolve) => {
      if (this.#heard.some(isIt)) return resolve();
      this.#socket.addEventListener('message', ({ data }) => {
        if (typeof data === 'string' && isIt(data)) resolve();
      });
    });
    return withTimeout('greeting', answerWithinMs, Promise.race([heard, this.closed]));
  }
}
