import { readFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { RequestListener } from 'node:http';
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
}

export const defaultTimeouts: ServerTimeouts = { headersMs: 10_000, requestMs: 30_000, checkEveryMs: 2_000 };

export interface CreateServerOptions {
  listener: RequestListener;
  tls: { certFile: string; keyFile: string } | undefined;
  timeouts: ServerTimeouts;
  logger: Logger;
}

export type WebServer = http.Server | https.Server;

/** A server that slow or broken clients cannot hold on to. HTTPS when there is a certificate. */
export async function createServer({ listener, tls, timeouts, logger }: CreateServerOptions): Promise<WebServer> {
  const settings = {
    headersTimeout: timeouts.headersMs,
    requestTimeout: timeouts.requestMs,
    connectionsCheckingInterval: timeouts.checkEveryMs,
    // Longer than the idle time of usual reverse proxies (60 s), so that it is never us who closes under a request.
    keepAliveTimeout: 65_000,
  };
  const server = tls
    ? https.createServer({ ...settings, cert: await readFile(tls.certFile), key: await readFile(tls.keyFile) }, listener)
    : http.createServer(settings, listener);
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => refuseClient(error, socket, logger));
  return server;
}

const refusals: Readonly<Record<string, Pick<Problem, 'status' | 'title' | 'code'>>> = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, title: 'Request Timeout', code: 'request.invalid' },
  HPE_HEADER_OVERFLOW: { status: 431, title: 'Request Header Fields Too Large', code: 'request.tooLarge' },
};

function refuseClient(error: NodeJS.ErrnoException, socket: Socket, logger: Logger): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, title, code } = refusals[error.code ?? ''] ?? { status: 400, title: 'Bad Request', code: 'request.invalid' };
  logger.info({ code, status, reason: error.code, address: socket.remoteAddress }, 'request.refused');
  const problem: Problem = { type: `urn:lectern:problem:${code}`, title, status, detail: title, code, instance: '' };
  const body = JSON.stringify(problem);
  const head = [`HTTP/1.1 ${status} ${title}`, `Content-Type: ${problemContentType}`, `Content-Length: ${Buffer.byteLength(body)}`, 'Connection: close'];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
