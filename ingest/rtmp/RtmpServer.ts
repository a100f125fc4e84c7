import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { ConfigError } from '#engine/kernel';
import type { Clock } from '#engine/kernel';
import type { RateLimitedLogger } from '../RateLimitedLogger.ts';
import { RtmpConnection } from './RtmpConnection.ts';
import type { RtmpCloseCause } from './RtmpConnection.ts';
import { maxConnections, maxOpeningPerAddress, maxSockets, tlsHandshakeMs } from '../limits.ts';
import type { RtmpDeadlines } from '../limits.ts';

export interface RtmpServerOptions {
  listenAddress: string;
  rtmpPort: number;
  rtmps?: { port: number; certFile: string; keyFile: string };
  deadlines: RtmpDeadlines;
  clock: Clock;
  rateLimitedLogger: RateLimitedLogger;
  onPublish(connection: RtmpConnection, streamKey: string): void;
}

/** Causes that say nothing about anyone's fault, or that were logged where they were decided. */
const silentCauses = new Set<RtmpCloseCause>(['closedByPeer', 'unpublished', 'ended', 'refused', 'stopping']);

/**
 * Listens for encoders, in plain and over TLS, so many at once. When there are too many, those leave that have come the
 * least far: an encoder is through its handshake in no time, a flood is not. Owns the listeners and the connections.
 */
export class RtmpServer {
  readonly #options: RtmpServerOptions;
  readonly #servers: Server[] = [];
  /** The oldest first. */
  readonly #connections = new Set<RtmpConnection>();
  /** Those who came in this turn of the event loop, and in the one before: these have not been heard yet. */
  #arriving = new Set<RtmpConnection>();
  #unheard = new Set<RtmpConnection>();
  #isThinning = false;

  constructor(options: RtmpServerOptions) {
    this.#options = options;
  }

  /** @throws ConfigError when a port is taken or a certificate cannot be read */
  async listen(): Promise<{ rtmpPort: number; rtmpsPort: number | undefined }> {
    const { rtmpPort, rtmps } = this.#options;
    try {
      const plain = await this.#open(createServer(), { port: rtmpPort, setting: 'LECTERN_RTMP_PORT' });
      const secure = rtmps ? await this.#open(createSecureServer(rtmps, this.#options.rateLimitedLogger), { port: rtmps.port, setting: 'LECTERN_RTMPS_PORT' }) : undefined;
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
    server.on('drop', (dropped) => this.#options.rateLimitedLogger.warn({ address: dropped?.remoteAddress }, 'rtmp.tooManyConnections'));
    return new Promise((resolve, reject) => {
      server.once('error', (err: NodeJS.ErrnoException) => reject(new ConfigError([listenProblem(err, { setting, port, listenAddress })])));
      server.listen(port, listenAddress, () => {
        server.removeAllListeners('error');
        server.on('error', (err) => this.#options.rateLimitedLogger.warn({ err }, 'rtmp.listenerFailed'));
        this.#servers.push(server);
        resolve((server.address() as AddressInfo).port);
      });
    });
  }

  #onSocket(socket: Socket): void {
    const { deadlines, clock, rateLimitedLogger } = this.#options;
    const connection = new RtmpConnection({
      socket,
      deadlines,
      clock,
      onPublish: (publisher, streamKey) => this.#options.onPublish(publisher, streamKey),
      onClosed: (closed, cause, detail) => {
        this.#connections.delete(closed);
        if (!silentCauses.has(cause)) rateLimitedLogger.warn({ address: closed.address, cause, detail }, 'rtmp.connectionClosed');
      },
    });
    this.#connections.add(connection);
    this.#arriving.add(connection);
    this.#pruneSoon();
  }

  #pruneSoon(): void {
    if (this.#isThinning) return;
    this.#isThinning = true;
    setImmediate(() => this.#thin());
  }

  /** Runs after each turn in which someone came, and once more: an encoder has said much by the time it is judged. */
  #thin(): void {
    this.#isThinning = false;
    this.#unheard = this.#arriving;
    this.#arriving = new Set();
    const unanswered = Map.groupBy([...this.#connections].filter(({ isPublishing }) => !isPublishing), ({ address }) => address);
    for (const sameAddress of unanswered.values()) this.#evict(sameAddress, sameAddress.length - maxOpeningPerAddress);
    this.#evict([...this.#connections], this.#connections.size - maxConnections);
    if (this.#unheard.size > 0) this.#pruneSoon();
  }

  /** So many of those that still open: who has come the least far, and among such the oldest. */
  #evict(crowd: readonly RtmpConnection[], count: number): void {
    if (count <= 0) return;
    const leaving = crowd.filter((connection) => connection.isOpening && !this.#unheard.has(connection)).sort((a, b) => a.progress - b.progress);
    for (const connection of leaving.slice(0, count)) connection.close('crowdedOut');
  }
}

function createSecureServer({ certFile, keyFile }: { certFile: string; keyFile: string }, rateLimitedLogger: RateLimitedLogger): Server {
  const cert = readPem(certFile, 'LECTERN_TLS_CERT');
  const key = readPem(keyFile, 'LECTERN_TLS_KEY');
  try {
    const server = createTlsServer({ cert, key, handshakeTimeout: tlsHandshakeMs });
    return server.on('tlsClientError', (err) => rateLimitedLogger.warn({ reason: err.message }, 'rtmp.tlsFailed'));
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
