// Responsible for the command INSTREAM of clamd, as its manual describes it, for tests. Finds the EICAR test file. Owns its sockets.
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** https://www.eicar.org/download-anti-malware-testfile/, in two halves, so that scanners leave this file alone. */
export const eicar = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR', '-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');

export class ClamdServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** `hanging`: takes everything and never answers. */
  state: 'answering' | 'hanging' = 'answering';
  /** Bytes of each stream that ended. */
  readonly streams: number[] = [];
  /** StreamMaxLength of clamd.conf. */
  maxStreamBytes = 25 * 2 ** 20;
  /** Of the TCP port. */
  address = { host: '127.0.0.1', port: 0 };

  /** `path`: of a Unix socket, instead of a TCP port. */
  static async start(path?: string): Promise<ClamdServer> {
    const server = createServer();
    const clamd = new ClamdServer(server);
    await new Promise<void>((resolve) => (path === undefined ? server.listen(0, '127.0.0.1', resolve) : server.listen(path, resolve)));
    if (path === undefined) clamd.address = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
    return clamd;
  }

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => {
      this.#sockets.add(socket.on('error', () => socket.destroy()));
      this.#serve(socket);
    });
  }


  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: Socket): void {
    let pending = Buffer.alloc(0);
    let hasCommand = false;
    let seen = Buffer.alloc(0);
    let bytes = 0;
    const answer = (text: string) => this.state === 'answering' && socket.end(`${text}\0`);
    socket.on('data', (chunk: Buffer) => {
      pending = Buffer.concat([pending, chunk]);
      if (!hasCommand) {
        const command = 'zINSTREAM\0';
        if (pending.length < command.length) return;
        if (pending.subarray(0, command.length).toString('latin1') !== command) return void answer('UNKNOWN COMMAND');
        pending = pending.subarray(command.length);
        hasCommand = true;
      }
      while (pending.length >= 4) {
        const length = pending.readUInt32BE(0);
        if (length === 0) {
          this.streams.push(bytes);
          return void answer(seen.includes(eicar) ? 'stream: Win.Test.EICAR_HDB-1 FOUND' : 'stream: OK');
        }
        if (pending.length < 4 + length) return;
        seen = Buffer.concat([seen, pending.subarray(4, 4 + length)]);
        bytes += length;
        pending = pending.subarray(4 + length);
        if (bytes > this.maxStreamBytes) return void answer('INSTREAM size limit exceeded. ERROR');
      }
    });
  }
}
