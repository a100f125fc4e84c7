import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { ConfigError, readTls, reloadTls } from '#engine/kernel';
import type { Clock, Logger, TlsFiles } from '#engine/kernel';
import type { RateLimitedLogger } from '../RateLimitedLogger.ts';
import { RtmpConnection } from './RtmpConnection.ts';
import type { RtmpCloseCause } from './RtmpConnection.ts';
import { maxConnections, maxOpeningPerAddress, maxSockets, tlsHandshakeMs } from '../limits.ts';
import type { RtmpDeadlines } from '../limits.ts';

export interface RtmpServerOptions {
  listenAddress: string;
  rtmpPort: number;
  rtmps?: TlsFiles & { port: number };
  deadlines: RtmpDeadlines;
  clock: Clock;
  logger: Logger;
  rateLimitedLogger: RateLimitedLogger;
  onPublish(connection: RtmpConnection, streamKey: string): void;
}

/** Causes that are no fault of the client, or that are logged elsewhere. */
const silentCauses = new Set<RtmpCloseCause>(['closedByPeer', 'unpublished', 'ended', 'refused', 'stopping']);

/**
 * Listens for encoders, in plain and over TLS. When there are too many connections, it evicts those with the least progress:
 * an encoder completes its handshake at once, a flood does not. Owns the listeners and the connections.
 */
export class RtmpServer {
  readonly #options: RtmpServerOptions;
  readonly #servers: Server[] = [];
  /** Oldest first. */
  readonly #connections = new Set<RtmpConnection>();
  /** Connections of this turn of the event loop, and of the one before. Their first bytes have not been read yet. */
  #arriving = new Set<RtmpConnection>();
  #unread = new Set<RtmpConnection>();
  #isPruneScheduled = false;

  constructor(options: RtmpServerOptions) {
    this.#options = options;
  }

  /** @throws ConfigError when a port is taken or a certificate cannot be read */
  async listen(): Promise<{ rtmpPort: number; rtmpsPort: number | undefined }> {
    const { rtmpPort, rtmps } = this.#options;
    try {
      const plain = await this.#open(createServer(), { port: rtmpPort, setting: 'LECTERN_RTMP_PORT' });
      const secure = rtmps ? await this.#open(await createSecureServer(rtmps, this.#options), { port: rtmps.port, setting: 'LECTERN_RTMPS_PORT' }) : undefined;
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
    this.#schedulePrune();
  }

  #schedulePrune(): void {
    if (this.#isPruneScheduled) return;
    this.#isPruneScheduled = true;
    setImmediate(() => this.#prune());
  }

  /** Runs after each turn with new connections, and once more, when the first bytes of an encoder have been read. */
  #prune(): void {
    this.#isPruneScheduled = false;
    this.#unread = this.#arriving;
    this.#arriving = new Set();
    const opening = Map.groupBy([...this.#connections].filter(({ isPublishing, isRelayed }) => !isPublishing && !isRelayed), ({ address }) => address);
    for (const sameAddress of opening.values()) this.#evict(sameAddress, sameAddress.length - maxOpeningPerAddress);
    this.#evict([...this.#connections], this.#connections.size - maxConnections);
    if (this.#unread.size > 0) this.#schedulePrune();
  }

  /** Closes `count` opening connections: those with the least progress first, and of these the oldest. */
  #evict(connections: readonly RtmpConnection[], count: number): void {
    if (count <= 0) return;
    const candidates = connections.filter((connection) => connection.isOpening && !this.#unread.has(connection)).sort((a, b) => a.progress - b.progress);
    for (const connection of candidates.slice(0, count)) connection.close('evicted');
  }
}

async function createSecureServer(files: TlsFiles, { logger, rateLimitedLogger }: Pick<RtmpServerOptions, 'logger' | 'rateLimitedLogger'>): Promise<Server> {
  const server = createTlsServer({ ...(await readTls(files)), handshakeTimeout: tlsHandshakeMs });
  reloadTls(server, { ...files, logger });
  return server.on('tlsClientError', (err) => rateLimitedLogger.warn({ reason: err.message }, 'rtmp.tlsFailed'));
}

function listenProblem(err: NodeJS.ErrnoException, at: { setting: string; port: number; listenAddress: string }): string {
  const { setting, port, listenAddress } = at;
  if (err.code === 'EADDRINUSE') return `${setting}: port ${port} is taken by another program. Stop that program, or choose another port.`;
  if (err.code === 'EACCES') return `${setting}: this user may not listen on port ${port}. Choose a port above 1023.`;
  if (err.code === 'EADDRNOTAVAIL') return `LECTERN_RTMP_LISTEN_ADDRESS: ${listenAddress} is not an address of this machine.`;
  return `${setting}: cannot listen on ${listenAddress}:${port} (${err.message})`;
}
