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
/** For what is not yet known to be one: sockets that are being closed, TLS handshakes. */
const maxSockets = 2 * maxConnections;
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

/**
 * Listens for encoders, in plain and over TLS, so many at once. When there are too many, one that has done nothing yet
 * gives way to one that comes: an encoder is through its handshake in no time, a flood is not. Owns the listeners and
 * the connections.
 */
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
    server.maxConnections = maxSockets;
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
    if (!this.#makeRoom(socket.remoteAddress)) {
      socket.on('error', () => socket.destroy());
      socket.destroy();
      this.#options.quietLog.warn({ address: socket.remoteAddress, connections: this.#connections.size }, 'rtmp.tooManyConnections');
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

  /** False when all who are there have more right to it. */
  #makeRoom(address: string | undefined): boolean {
    const unanswered = [...this.#connections].filter((other) => other.address === address && !other.isPublishing);
    const crowd = unanswered.length >= maxUnansweredPerAddress ? unanswered : this.#connections.size >= maxConnections ? [...this.#connections] : undefined;
    if (!crowd) return true;
    const leaving = leastAdvanced(crowd);
    leaving?.close('crowdedOut');
    return leaving !== undefined;
  }
}

/** Of those that still open, the one that has come the least far, and among such the oldest. */
function leastAdvanced(connections: Iterable<RtmpConnection>): RtmpConnection | undefined {
  let least: RtmpConnection | undefined;
  for (const connection of connections) {
    if (connection.isOpening && (!least || connection.progress < least.progress)) least = connection;
  }
  return least;
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
