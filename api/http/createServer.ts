import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { ConfigError, readTls, reloadTls } from '#engine/kernel';
import type { Logger, TlsFiles } from '#engine/kernel';
import { keepAliveTimeoutMs } from '../limits.ts';
import type { ServerTimeouts } from '../limits.ts';
import { boundPipelines } from './boundPipelines.ts';
import { routes } from '../contract/index.ts';
import { limitRequestTime } from './limitRequestTime.ts';
import { longRequests } from './longRequests.ts';
import { refuseClient, refuseRequest, unmetExpectation } from './earlyRefusals.ts';

export interface CreateServerOptions {
  listener: RequestListener;
  tls: TlsFiles | undefined;
  timeouts: ServerTimeouts;
  logger: Logger;
  /** Only requests below this path may upgrade to WebSocket; none without it. */
  webSocketPath: string | undefined;
}

export type WebServer = http.Server | https.Server;

/** An HTTP server, or HTTPS with a certificate, that disconnects slow and broken clients. */
export async function createServer({ listener, tls, timeouts, logger, webSocketPath }: CreateServerOptions): Promise<WebServer> {
  const settings = {
    headersTimeout: timeouts.headersMs,
    // See limitRequestTime.
    requestTimeout: 0,
    connectionsCheckingInterval: timeouts.checkEveryMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    // A server may ignore an upgrade (RFC 9110 §7.8). Without a handler an upgraded connection would never be closed.
    shouldUpgradeCallback: ({ url, headers }: IncomingMessage) => webSocketPath !== undefined && url?.startsWith(`${webSocketPath}/`) === true && headers.upgrade?.toLowerCase() === 'websocket',
  };
  const bounded = boundPipelines(listener, logger);
  const server = tls ? await createTlsServer({ tls, settings, logger }, bounded) : http.createServer(settings, bounded);
  limitRequestTime(server, { requestMs: timeouts.requestMs, isLong: longRequests(Object.values(routes)) });
  // Does not apply to WebSockets, which have their own pings.
  server.setTimeout(timeouts.stalledMs);
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => refuseClient(error, socket, logger));
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => refuseRequest(unmetExpectation, { request, response, logger }));
  return server;
}

async function createTlsServer({ tls, settings, logger }: { tls: TlsFiles; settings: https.ServerOptions; logger: Logger }, listener: RequestListener): Promise<https.Server> {
  const server = https.createServer({ ...settings, ...(await readTls(tls)) }, listener);
  reloadTls(server, { ...tls, logger });
  return server;
}

/** Opens the port. @throws ConfigError with the reason as a sentence */
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
