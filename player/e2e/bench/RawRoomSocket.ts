import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { signalingNamespace } from '#signaling/contract';

/** RFC 6455 §5.2: a text frame, whole, and the bit of a masked one. */
const textFrame = 0x81;
const masked = 0x80;

/**
 * A socket in a live room that takes hardly any CPU, so that thousands of them can measure the server: Socket.IO's protocol
 * (v5, over Engine.IO v4 on a WebSocket) by hand. Owns its TCP connection.
 */
export class RawRoomSocket {
  readonly #tcp: Socket;
  readonly #onPush: (text: string) => void;
  #rest: Buffer = Buffer.alloc(0);
  #isOpen = false;
  #joined = Promise.withResolvers<void>();

  private constructor(tcp: Socket, onPush: (text: string) => void) {
    this.#tcp = tcp;
    this.#onPush = onPush;
  }

  /** Resolves when it is in the room. `onPush` receives every push as text: `42/live,["chat.posted",…]`. */
  static async join({ port, ticket, onPush }: { port: number; ticket: string; onPush: (text: string) => void }): Promise<RawRoomSocket> {
    const tcp = connect({ port, host: '127.0.0.1', noDelay: true });
    const socket = new RawRoomSocket(tcp, onPush);
    tcp.on('data', (bytes: Buffer) => socket.#receive(bytes, ticket));
    tcp.on('error', (err) => socket.#joined.reject(err));
    tcp.on('close', () => socket.#joined.reject(new Error('the server closed the connection')));
    const key = randomBytes(16).toString('base64');
    tcp.write(
      `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
    );
    await socket.#joined.promise;
    return socket;
  }

  close(): void {
    this.#tcp.destroy();
  }

  #receive(bytes: Buffer, ticket: string): void {
    this.#rest = this.#rest.length > 0 ? Buffer.concat([this.#rest, bytes]) : bytes;
    if (!this.#isOpen) {
      const end = this.#rest.indexOf('\r\n\r\n');
      if (end < 0) return;
      if (!this.#rest.subarray(0, 12).equals(Buffer.from('HTTP/1.1 101'))) return void this.#tcp.destroy(new Error(this.#rest.toString()));
      this.#isOpen = true;
      this.#rest = this.#rest.subarray(end + 4);
    }
    for (let text = this.#nextText(); text !== undefined; text = this.#nextText()) this.#receiveText(text, ticket);
  }

  #nextText(): string | undefined {
    const short = (this.#rest[1] ?? 0) & 127;
    const head = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (this.#rest.length < head) return undefined;
    const length = short < 126 ? short : short === 126 ? this.#rest.readUInt16BE(2) : Number(this.#rest.readBigUInt64BE(2));
    if (this.#rest.length < head + length) return undefined;
    const text = this.#rest.toString('utf8', head, head + length);
    this.#rest = this.#rest.subarray(head + length);
    return text;
  }

  #receiveText(text: string, ticket: string): void {
    const room = `${signalingNamespace},`;
    if (text === '2') this.#send('3');
    else if (text.startsWith('0')) this.#send(`40${room}`);
    else if (text.startsWith(`40${room}`)) this.#send(`42${room}1["room.join",${JSON.stringify({ ticket, as: 'viewer' })}]`);
    else if (text.startsWith(`43${room}1`)) this.#receiveAck(text);
    else this.#onPush(text);
  }

  #receiveAck(text: string): void {
    if (text.includes('"ok":true')) this.#joined.resolve();
    else this.#joined.reject(new Error(text));
  }

  /** Clients must mask; a mask of zeros leaves the text as it is. */
  #send(text: string): void {
    const payload = Buffer.from(text);
    const head = payload.length < 126 ? Buffer.from([textFrame, masked | payload.length]) : Buffer.from([textFrame, masked | 126, payload.length >>> 8, payload.length & 255]);
    this.#tcp.write(Buffer.concat([head, Buffer.alloc(4), payload]));
  }
}
