// Responsible for standing between the product and an S3 server, and for whatever can go wrong there. Owns the port that
// the product speaks to and every connection over it.
import { createServer, request as httpRequest } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/**
 * `refused`: no connection comes about. `silent`: the request is taken, and never answered. `slow`: each answer is held
 * back for 5 s. `cut…`: the connection ends in the middle of a body. The others answer as S3 servers do in such a case.
 */
export type Fault = 'refused' | 'silent' | 'slow' | 'error500' | 'slowDown503' | 'wrongKey403' | 'noBucket404' | 'bare404' | 'cutRequest' | 'cutResponse';

const slowMs = 5000;
const cutAfterBytes = 2000;

const answers: Partial<Record<Fault, { status: number; code: string }>> = {
  error500: { status: 500, code: 'InternalError' },
  slowDown503: { status: 503, code: 'SlowDown' },
  wrongKey403: { status: 403, code: 'SignatureDoesNotMatch' },
  noBucket404: { status: 404, code: 'NoSuchBucket' },
  bare404: { status: 404, code: '' },
};

export class FaultyStoreProxy {
  readonly endpoint: string;
  readonly #target: URL;
  readonly #port: number;
  readonly #sockets = new Set<Socket>();
  #server: Server;
  #fault: Fault | undefined;
  #faultyRequests = 0;
  #openRequests = 0;
  #mostOpenRequests = 0;

  private constructor(target: string, port: number, server: Server) {
    this.#target = new URL(target);
    this.#port = port;
    this.#server = server;
    this.endpoint = `http://127.0.0.1:${port}`;
    this.#serve();
  }

  static async open(target: string): Promise<FaultyStoreProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new FaultyStoreProxy(target, (server.address() as AddressInfo).port, server);
  }

  /** Segments on their way to the store that met the present fault. */
  get faultyRequests(): number {
    return this.#faultyRequests;
  }

  /** Since the fault began or ended. */
  get mostOpenRequests(): number {
    return this.#mostOpenRequests;
  }

  /** What goes wrong from now on; nothing when left out. */
  async suffer(fault?: Fault): Promise<void> {
    const wasRefused = this.#fault === 'refused';
    this.#fault = fault;
    this.#faultyRequests = 0;
    this.#mostOpenRequests = 0;
    if (fault === 'refused') await this.close();
    else if (wasRefused) {
      this.#server = createServer();
      this.#serve();
      await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    } else {
      // What was taken before the fault ended is not answered any more.
      for (const socket of this.#sockets) socket.destroy();
    }
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (!this.#server.listening) return;
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(): void {
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => socket.destroy()).on('close', () => this.#sockets.delete(socket));
    });
    this.#server.on('request', (request, response) => this.#pass(request, response));
  }

  #pass(request: IncomingMessage, response: ServerResponse): void {
    const fault = this.#fault;
    this.#openRequests += 1;
    this.#mostOpenRequests = Math.max(this.#mostOpenRequests, this.#openRequests);
    response.once('close', () => (this.#openRequests -= 1));
    if (fault && request.method === 'PUT' && request.url?.includes('.m4s')) this.#faultyRequests += 1;
    if (fault === 'silent') return void request.resume();
    if (fault === 'cutRequest') return void request.once('data', () => request.socket.destroy());
    const answer = fault && answers[fault];
    if (answer) return void request.resume().once('end', () => refuse(response, answer));
    this.#forward(request, response, fault);
  }

  #forward(request: IncomingMessage, response: ServerResponse, fault: Fault | undefined): void {
    const { hostname, port } = this.#target;
    // The host is signed: the server gets the one that the product wrote.
    const passed = httpRequest({ hostname, port, method: request.method, path: request.url, headers: request.headers }, (answer) => {
      const go = () => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        if (fault === 'cutResponse') answer.once('data', (chunk: Buffer) => void response.write(chunk.subarray(0, cutAfterBytes), () => response.destroy()));
        else answer.pipe(response);
        if (fault === 'cutResponse' && request.method === 'PUT') response.destroy();
      };
      if (fault === 'slow') setTimeout(go, slowMs);
      else go();
    });
    passed.on('error', () => response.destroy());
    response.once('close', () => passed.destroy());
    request.pipe(passed);
  }
}

function refuse(response: ServerResponse, { status, code }: { status: number; code: string }): void {
  const body = code ? `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>A trial.</Message></Error>` : '';
  response.writeHead(status, { 'content-type': 'application/xml', 'content-length': String(body.length) }).end(body);
}
