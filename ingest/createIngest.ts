import { ConfigError } from '#engine/kernel';
import type { Clock, Database, Logger, TlsFiles } from '#engine/kernel';
import type { IngestConfig } from './config.ts';
import type { IngestLectures } from './IngestLectures.ts';
import { StreamKeys } from './keys/StreamKeys.ts';
import { quietNodeMediaServer } from './rtmp/nodeMediaServer.ts';
import { IngestSessions } from './session/IngestSessions.ts';
import { RateLimitedLogger } from './RateLimitedLogger.ts';
import { RtmpServer } from './rtmp/RtmpServer.ts';
import { rtmpDeadlines } from './limits.ts';
import type { RtmpDeadlines } from './limits.ts';

export interface IngestOptions {
  config: IngestConfig;
  lectures: IngestLectures;
  database: Database;
  clock: Clock;
  logger: Logger;
  deadlines?: RtmpDeadlines;
}

/** The ports to which encoders connect. */
export interface EncoderPorts {
  /** The open port, also when the setting is 0. */
  readonly rtmpPort: number;
  readonly rtmpsPort: number | undefined;
}

/** The station that receives broadcasts. */
export interface Ingest extends EncoderPorts {
  readonly streamKeys: StreamKeys;
  /** Ends the sessions whose keys other processes have replaced without notice. */
  recheckKeys(): Promise<void>;
  /** Ends all sessions, then the listeners. Idempotent. */
  close(): Promise<void>;
}

/** @throws ConfigError when a port is taken or RTMPS lacks its certificate */
export async function createIngest(options: IngestOptions): Promise<Ingest> {
  const { config, lectures, database, clock, logger, deadlines = rtmpDeadlines } = options;
  quietNodeMediaServer(logger);
  const rateLimitedLogger = new RateLimitedLogger(clock, logger);
  const streamKeys = new StreamKeys({ database, clock, logger });
  const sessions = new IngestSessions({ streamKeys, lectures, ffmpegCommand: config.LECTERN_FFMPEG, clock, logger, rateLimitedLogger });
  const server = new RtmpServer({
    listenAddress: config.LECTERN_RTMP_LISTEN_ADDRESS,
    rtmpPort: config.LECTERN_RTMP_PORT,
    rtmps: rtmpsOf(config),
    deadlines,
    clock,
    logger,
    rateLimitedLogger,
    onPublish: (connection, streamKey) => sessions.admit(connection, streamKey),
  });
  const ports = await server.listen();
  logger.info(ports, 'ingest.listening');
  let closing: Promise<void> | undefined;
  const close = async () => {
    sessions.close();
    await server.close();
    rateLimitedLogger.close();
  };
  return { streamKeys, ...ports, recheckKeys: () => sessions.recheckKeys(), close: () => (closing ??= close()) };
}

function rtmpsOf(config: IngestConfig): (TlsFiles & { port: number }) | undefined {
  const { LECTERN_RTMPS_PORT: port, LECTERN_TLS_CERT: certFile, LECTERN_TLS_KEY: keyFile } = config;
  if (port === undefined) return undefined;
  if (!certFile || !keyFile) throw new ConfigError(['LECTERN_RTMPS_PORT: RTMPS needs LECTERN_TLS_CERT and LECTERN_TLS_KEY, the certificate chain and its private key.']);
  return { port, certFile, keyFile };
}
