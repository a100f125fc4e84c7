import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { ConfigError } from '#engine/kernel';
import type { Clock } from '#engine/kernel';
import type { QuietLog } from './QuietLog.ts';
import { RtmpConnection } from './RtmpConnection.ts';
import type { RtmpCloseCause, RtmpDeadlines } from './RtmpConnection.ts';

/** A classroom building behind one address connects its encoders in well under this. */
const maxUnansweredPerAddress = 16;
const maxConnections = 200;
const tlsHandshakeMs = 10_000;

export interface RtmpServerOptions {
  listenAddress: string;
  rtmpPort: number;
  rtmps?: { port: number; certFile: string; keyFile: string };
  deadlines: RtmpDeadlines;
  clock: Clock;
  quietLog: QuietLog;
  onPublish(connection: RtmpConnection, request: { app: string; name: string }): void;
}

/** Causes that say nothing about anyone's fault, or that were logged where they were decided. */
const silentCauses = new Set<RtmpCloseCause>(['closedByPeer', 'unpublished', 'ended', 'refused', 'stopping']);

/** Listens for encoders, in plain and over TLS, so many at once. Owns the listeners and the connections. */
export class RtmpServer {
  readonly #options: RtmpServerOptions;
  readonly #servers: Server[] = [];
  readonly #connections = new Set<RtmpConnection>();

  constructor(options: RtmpServerOptions) {
    this.#options = options;
  }

  /** @throws ConfigError when a port is taken or a certificate cannot be read */
  async listen(): Promise<{ rtmpPort: number; rtmpsPort: number | undefined }> {
    const { rtmpPort, rtmps } = this.#options;
    try {
      const plain = await this.#open(createServer(), { port: rtmpPort, setting: 'LECTERN_RTMP_PORT' });
      const secure = rtmps ? await this.#open(createSecureServer(rtmps, this.#options.quietLog), { port: rtmps.port, setting: 'LECTERN_RTMPS_PORT' }) : undefined;
      return { rtmpPort: plain, rtmpsPort: secure };
    } catch (err) {
      await this.close();
      throw err;
    }
  }

  async close(): Promise<void> {
    const closed = this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    for (const connection of this.#connections) connection.close('stopping');
    await Promise.all(closed);
  }

  #open(server: Server, { port, setting }: { port: number; setting: string }): Promise<number> {
    const { listenAddress } = this.#options;
    server.maxConnections = maxConnections;
    server.on(setting === 'LECTERN_RTMPS_PORT' ? 'secureConnection' : 'connection', (socket: Socket) => this.#onSocket(socket));
    return new Promise((resolve, reject) => {
      server.once('error', (err: NodeJS.ErrnoException) => reject(new ConfigError([listenProblem(err, { setting, port, listenAddress })])));
      server.listen(port, listenAddress, () => {
        server.removeAllListeners('error');
        server.on('error', (err) => this.#options.quietLog.warn({ err }, 'rtmp.listenerFailed'));
        this.#servers.push(server);
        resolve((server.address() as AddressInfo).port);
      });
    });
  }

  #onSocket(socket: Socket): void {
    const unanswered = [...this.#connections].filter((other) => other.address === socket.remoteAddress && !other.isPublishing).length;
    if (this.#connections.size >= maxConnections || unanswered >= maxUnansweredPerAddress) {
      socket.on('error', () => socket.destroy());
      socket.destroy();
      this.#options.quietLog.warn({ address: socket.remoteAddress, unanswered, connections: this.#connections.size }, 'rtmp.tooManyConnections');
      return;
    }
    const { deadlines, clock, quietLog } = this.#options;
    const connection = new RtmpConnection({
      socket,
      deadlines,
      clock,
      onPublish: (publisher, request) => this.#options.onPublish(publisher, request),
      onClosed: (closed, cause, detail) => {
        this.#connections.delete(closed);
        if (!silentCauses.has(cause)) quietLog.warn({ address: closed.address, cause, detail }, 'rtmp.connectionClosed');
      },
    });
    this.#connections.add(connection);
  }
}

function createSecureServer({ certFile, keyFile }: { certFile: string; keyFile: string }, quietLog: QuietLog): Server {
  const cert = readPem(certFile, 'LECTERN_TLS_CERT');
  const key = readPem(keyFile, 'LECTERN_TLS_KEY');
  try {
    const server = createTlsServer({ cert, key, handshakeTimeout: tlsHandshakeMs });
    return server.on('tlsClientError', (err) => quietLog.warn({ reason: err.message }, 'rtmp.tlsFailed'));
  } catch (cause) {
    throw new ConfigError([`LECTERN_TLS_CERT, LECTERN_TLS_KEY: ${(cause as Error).message}`]);
  }
}

function readPem(file: string, setting: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new ConfigError([`${setting}: ${file} cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown error'})`]);
  }
}

function listenProblem(err: NodeJS.ErrnoException, at: { setting: string; port: number; listenAddress: string }): string {
  const { setting, port, listenAddress } = at;
  if (err.code === 'EADDRINUSE') return `${setting}: port ${port} is taken by another program. Stop that program, or choose another port.`;
  if (err.code === 'EACCES') return `${setting}: this user may not listen on port ${port}. Choose a port above 1023.`;
  if (err.code === 'EADDRNOTAVAIL') return `LECTERN_RTMP_LISTEN_ADDRESS: ${listenAddress} is not an address of this machine.`;
  return `${setting}: cannot listen on ${listenAddress}:${port} (${err.message})`;
}
