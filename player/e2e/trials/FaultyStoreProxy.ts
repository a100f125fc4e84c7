// Responsible for the connection between the server and an S3 store, and for its faults. Owns the port that the server
// connects to and every connection through it.
import { createServer, request as httpRequest } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { freePort } from '../../../engine/setup/freePort.ts';

/**
 * `refused`: no connection is accepted. `silent`: requests get no response. `slow`: each response is delayed by 5 s.
 * `cut…`: the connection ends in the middle of a body. The others respond as S3 servers do in such a case.
 */
export type Fault = 'refused' | 'silent' | 'slow' | 'error500' | 'slowDown503' | 'wrongKey403' | 'noBucket404' | 'bare404' | 'cutRequest' | 'cutResponse';

const slowMs = 5000;
const cutAfterBytes = 2000;

const responses: Partial<Record<Fault, { status: number; code: string }>> = {
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
    // The same port over the time in which connections are refused.
    const port = Number(await freePort());
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return new FaultyStoreProxy(target, port, server);
  }

  /** Uploads of segments that met the present fault. */
  get faultyRequests(): number {
    return this.#faultyRequests;
  }

  /** Since the fault began or ended. */
  get mostOpenRequests(): number {
    return this.#mostOpenRequests;
  }

  /** The fault from now on; none when left out. */
  async setFault(fault?: Fault): Promise<void> {
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
      // Requests from before the change get no response.
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
    const refusal = fault && responses[fault];
    if (refusal) return void request.resume().once('end', () => refuse(response, refusal));
    this.#forward(request, response, fault);
  }

  #forward(request: IncomingMessage, response: ServerResponse, fault: Fault | undefined): void {
    const { hostname, port } = this.#target;
    // The host is part of the signature: the store gets the one that the server sent.
    const forwarded = httpRequest({ hostname, port, method: request.method, path: request.url, headers: request.headers }, (answer) => {
      const go = () => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        if (fault === 'cutResponse') answer.once('data', (chunk: Buffer) => void response.write(chunk.subarray(0, cutAfterBytes), () => response.destroy()));
        else answer.pipe(response);
        if (fault === 'cutResponse' && request.method === 'PUT') response.destroy();
      };
      if (fault === 'slow') setTimeout(go, slowMs);
      else go();
    });
    forwarded.on('error', () => response.destroy());
    response.once('close', () => forwarded.destroy());
    request.pipe(forwarded);
  }
}

function refuse(response: ServerResponse, { status, code }: { status: number; code: string }): void {
  const body = code ? `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>A trial.</Message></Error>` : '';
  response.writeHead(status, { 'content-type': 'application/xml', 'content-length': String(body.length) }).end(body);
}
