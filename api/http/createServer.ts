import { readFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { ConfigError } from '#engine/kernel';
import type { Logger } from '#engine/kernel';
import { problemContentType } from '../contract/index.ts';
import type { Problem } from '../contract/index.ts';

export interface ServerTimeouts {
  /** Until the headers are there. */
  headersMs: number;
  /** Until the whole request is there. */
  requestMs: number;
  /** How often that is looked at. */
  checkEveryMs: number;
  /** Until a connection on which nothing moves in either direction is given up: a client that does not read its answer. */
  stalledMs: number;
}

export const defaultTimeouts: ServerTimeouts = { headersMs: 10_000, requestMs: 30_000, checkEveryMs: 2_000, stalledMs: 120_000 };

export interface CreateServerOptions {
  listener: RequestListener;
  tls: { certFile: string; keyFile: string } | undefined;
  timeouts: ServerTimeouts;
  logger: Logger;
  /** The only path below which a connection may become a WebSocket. */
  webSocketPath: string;
}

export type WebServer = http.Server | https.Server;

/** A server that slow or broken clients cannot hold on to. HTTPS when there is a certificate. */
export async function createServer({ listener, tls, timeouts, logger, webSocketPath }: CreateServerOptions): Promise<WebServer> {
  const settings = {
    headersTimeout: timeouts.headersMs,
    requestTimeout: timeouts.requestMs,
    connectionsCheckingInterval: timeouts.checkEveryMs,
    // Longer than the idle time of usual reverse proxies (60 s), so that it is never us who closes under a request.
    keepAliveTimeout: 65_000,
    // Any other is ignored (RFC 9110 §7.8): nobody would own the connection of one that is granted, and it would stay for ever.
    shouldUpgradeCallback: ({ url, headers }: IncomingMessage) => url?.startsWith(`${webSocketPath}/`) === true && headers.upgrade?.toLowerCase() === 'websocket',
  };
  const server = tls ? createTlsServer({ ...settings, ...(await readTls(tls)) }, listener) : http.createServer(settings, listener);
  // WebSockets are upgraded out of this, and have pings of their own.
  server.setTimeout(timeouts.stalledMs);
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => refuseClient(error, socket, logger));
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => refuseExpectation(request, response, logger));
  return server;
}

async function readTls({ certFile, keyFile }: { certFile: string; keyFile: string }): Promise<{ cert: Buffer; key: Buffer }> {
  return { cert: await readPem(certFile, 'LECTERN_TLS_CERT'), key: await readPem(keyFile, 'LECTERN_TLS_KEY') };
}

async function readPem(file: string, setting: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new ConfigError([`${setting}: ${file} cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown error'})`]);
  }
}

function createTlsServer(options: https.ServerOptions, listener: RequestListener): https.Server {
  try {
    return https.createServer(options, listener);
  } catch (cause) {
    throw new ConfigError([`LECTERN_TLS_CERT, LECTERN_TLS_KEY: these are not a certificate and its private key in PEM (${(cause as Error).message})`]);
  }
}

/** Opens the port, and says in a sentence why that is not possible. */
export function listen(server: WebServer, { port, address }: { port: number; address: string }): Promise<number> {
  return new Promise((resolve, reject) => {
    const refuse = (err: NodeJS.ErrnoException) => reject(new ConfigError([listenProblem(err, { port, address })]));
    server.once('error', refuse);
    server.listen(port, address, () => {
      server.off('error', refuse);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function listenProblem(err: NodeJS.ErrnoException, { port, address }: { port: number; address: string }): string {
  if (err.code === 'EADDRINUSE') return `LECTERN_HTTP_PORT: port ${port} is taken by another program. Stop that program, or choose another port.`;
  if (err.code === 'EACCES') return `LECTERN_HTTP_PORT: this user may not listen on port ${port}. Choose a port above 1023.`;
  if (err.code === 'EADDRNOTAVAIL') return `LECTERN_HTTP_LISTEN_ADDRESS: ${address} is not an address of this machine.`;
  return `LECTERN_HTTP_PORT: cannot listen on ${address}:${port} (${err.message})`;
}

type Refusal = Pick<Problem, 'status' | 'title' | 'code'>;

const refusals: Readonly<Record<string, Refusal>> = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, title: 'Request Timeout', code: 'request.invalid' },
  HPE_HEADER_OVERFLOW: { status: 431, title: 'Request Header Fields Too Large', code: 'request.tooLarge' },
};
const badRequest: Refusal = { status: 400, title: 'Bad Request', code: 'request.invalid' };
/** RFC 9110 §10.1.1: there is no expectation but `100-continue`, which Node answers itself. */
const unmetExpectation: Refusal = { status: 417, title: 'Expectation Failed', code: 'request.invalid' };

function refuseClient(error: NodeJS.ErrnoException, socket: Socket, logger: Logger): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const refusal = refusals[error.code ?? ''] ?? badRequest;
  const { status, title, code } = refusal;
  logger.info({ code, status, reason: error.code, address: socket.remoteAddress }, 'request.refused');
  const body = bodyOf(refusal);
  const head = [`HTTP/1.1 ${status} ${title}`, `Content-Type: ${problemContentType}`, `Content-Length: ${Buffer.byteLength(body)}`, 'Connection: close'];
  // Ending alone would leave it half open for as long as the client likes.
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

function refuseExpectation(request: IncomingMessage, response: ServerResponse, logger: Logger): void {
  const { status, code } = unmetExpectation;
  logger.info({ code, status, reason: 'Expect', address: request.socket.remoteAddress }, 'request.refused');
  response.writeHead(status, { 'Content-Type': problemContentType }).end(bodyOf(unmetExpectation));
}

function bodyOf({ status, title, code }: Refusal): string {
  const problem: Problem = { type: `urn:lectern:problem:${code}`, title, status, detail: title, code, instance: '' };
  return JSON.stringify(problem);
}
