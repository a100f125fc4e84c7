import { existsSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import type * as z from 'zod';
import { cleanUp, openCourseRoles, openLogins, apiConfig, checkApiConfig, createApi, engineDirectory, ingestStreamKeys, Readiness, recorderVideoCatalog, refreshSecretMs, repeatCleanUp, requireMedia } from '#api';
import type { Api } from '#api';
import { AccessPolicy, announceRemovals, followRights, LectureRegistry, lectureConfig } from '#engine';
import type { MediaPlane } from '#engine';
import { LectureId } from '#engine/contract';
import { background, Heartbeat, clockNotBefore, ConfigError, createLogger, JobAdministration, JobQueue, JobWorker, LeaseKeeper, openBus, openDatabase, openLimiting, openNodeFolder, openPresence, ResourceStack, parseConfig, processConfig, Secrets, systemClock, TokenSigner } from '#engine/kernel';
import type { Bus, Clock, CrossCheck, Database, Limiting, Logger, Presence, RedisConnection, SharedSecret } from '#engine/kernel';
import { createMediaPlane, sfuConfig } from '#engine/sfu';
import { checkIngestConfig, createIngest, engineLectures, ingestConfig, requireFfmpeg } from '#ingest';
import type { Ingest } from '#ingest';
import { encoderServerUrl } from '#ingest/contract';
import { browserOrigin, checkStorageConfig, createRecorder, forgetRevoked, isRedirectingMedia, MediaDelivery, openObjectStore, openWorkFolder, posterMaker, recordedUntil, recorderConfig, recordLiveLectures, storageConfig, VideoSync, VideoStore } from '#recorder';
import type { MediaGate } from '#recorder';
import { createSignaling, signalingConfig } from '#signaling';
import { findWorkerBinary } from './engine/setup/workerBinary.ts';

/** Every setting of the product, station by station. `.env.example` is generated from it. */
export const settings = processConfig
  .extend(apiConfig.shape)
  .extend(ingestConfig.shape)
  .extend(lectureConfig.shape)
  .extend(recorderConfig.shape)
  .extend(sfuConfig.shape)
  .extend(signalingConfig.shape)
  .extend(storageConfig.shape);

const checkSettings: CrossCheck<Settings> = (config, addProblem) => {
  checkApiConfig(config, addProblem);
  checkIngestConfig(config, addProblem);
  checkStorageConfig(config, addProblem);
};

/** Deadline for closing all parts; then the process exits anyway. */
const stopWithinMs = 25_000;

/** `npm start` repeats the signal that the terminal has sent. A later one is from a person who does not want to wait. */
const repeatedSignalMs = 1000;

type Settings = z.infer<typeof settings>;

type Logins = Awaited<ReturnType<typeof openLogins>>;

interface Basics {
  config: Settings;
  clock: Clock;
  logger: Logger;
  dataFolder: string;
  database: Database;
  leases: LeaseKeeper;
  /** What the processes of the site share. */
  bus: Bus;
  redis: RedisConnection | undefined;
  limiting: Limiting;
  presence: Presence;
  jobs: JobQueue;
  worker: JobWorker;
  tokens: TokenSigner;
  refreshSecrets: SharedSecret;
  logins: Logins;
}

export interface Lectern {
  readonly config: Settings;
  readonly logger: Logger;
  /** URL of the pages on this machine. */
  url: string;
  /** Link that creates the first account; undefined once there is an admin. */
  setupUrl: string | undefined;
  /** The open ports for encoders. */
  ports: Pick<Ingest, 'rtmpPort' | 'rtmpsPort'>;
  /** The part that is closing now; named in the log if the deadline passes. */
  closing(): string | undefined;
  close(): Promise<void>;
}

/** Builds the stations one after the other. They are closed in reverse, also if a later step fails. */
export async function startLectern(environment: NodeJS.ProcessEnv): Promise<Lectern> {
  const config = parseConfig(settings, environment, checkSettings);
  const logger = createLogger({ level: config.LECTERN_LOG_LEVEL, isPretty: (config.LECTERN_LOG_FORMAT ?? (process.stdout.isTTY ? 'pretty' : 'json')) === 'pretty' });
  const dataFolder = path.resolve(config.LECTERN_DATA_DIR);
  await requireFfmpeg(config.LECTERN_FFMPEG);
  await using building = new ResourceStack();

  const node = building.add('node', openNodeFolder(dataFolder));
  const database = building.add('database', await openDatabase({ config, dataFolder, logger }));
  const heartbeatFile = path.join(dataFolder, 'alive');
  const downtimeMs = await Heartbeat.downtimeMs(heartbeatFile);
  const clock = clockNotBefore(await recordedUntil(database), systemClock);
  if (clock !== systemClock) logger.warn({ aheadMs: Math.round(clock.nowMs() - systemClock.nowMs()) }, 'clock.machineSetBack');
  const leases = building.add('leases', new LeaseKeeper({ database, nodeId: node.nodeId, isShared: config.LECTERN_DATABASE_URL !== undefined, clock, logger }));
  const basics: Basics = await openBasics(building, { config, clock, logger, dataFolder, database, leases });
  const plane = building.add('media plane', await createMediaPlane({ config, workerBin: findWorkerBinary(environment), ffmpegCommand: config.LECTERN_FFMPEG, logger, clock }));
  const registry = building.add('registry', LectureRegistry.create({ database, plane, clock, logger, leases, graceMs: config.LECTERN_GRACE_SECONDS * 1000 }));
  const recording = await openRecording(building, basics, registry);
  await registry.recover(leases.isShared ? 0 : downtimeMs);
  await recording.recover();
  const ingest = building.add('ingest', await createIngest({ config, lectures: engineLectures(registry), database, clock, logger }));
  const api = building.add('pages and API', await openApi(basics, { registry, ingest, plane, ...recording }));
  building.add('signaling', createSignaling({ ...basics, httpServer: api.server, registry, courseRoles: openCourseRoles(database) }));
  background('database.prepare', database.ready(), logger);
  const port = await api.listen();
  await startJobs(building, basics);
  building.add('heartbeat', await Heartbeat.start({ file: heartbeatFile, clock, logger }));

  const parts = building.move();
  const url = `${config.LECTERN_TLS_CERT ? 'https' : 'http'}://localhost:${port}`;
  logger.info({ url, dataFolder }, 'lectern.started');
  return {
    config,
    logger,
    url,
    ports: { rtmpPort: ingest.rtmpPort, rtmpsPort: ingest.rtmpsPort },
    setupUrl: api.setupToken && `${config.LECTERN_PUBLIC_URL ?? url}/setup?token=${api.setupToken}`,
    closing: () => parts.closing,
    close: async () => {
      api.drain();
      await parts[Symbol.asyncDispose]();
      logger.info('lectern.stopped');
    },
  };
}

/** The parts that know no lecture, and that the processes of one site share. */
async function openBasics(building: ResourceStack, own: Pick<Basics, 'config' | 'clock' | 'logger' | 'dataFolder' | 'database' | 'leases'>): Promise<Basics> {
  const { config, clock, logger, dataFolder, database } = own;
  const opened = building.add('bus', await openBus({ redisUrl: config.LECTERN_REDIS_URL, clock, logger }));
  const { bus, redis } = opened;
  const presence = building.add('presence', openPresence({ redis, clock, logger }));
  const rotateAfterMs = config.LECTERN_KEY_ROTATION_DAYS > 0 ? config.LECTERN_KEY_ROTATION_DAYS * 24 * 3600_000 : undefined;
  const secrets = building.add('secrets', await Secrets.open({ database, secretsFolder: path.join(dataFolder, 'secrets'), sealKey: config.LECTERN_SECRET, rotateAfterMs, clock, logger }));
  // Media tokens are the ones that are valid longest.
  const tokens = new TokenSigner(await secrets.tokenKey(config.LECTERN_PLAYBACK_HOURS * 3600_000), clock);
  const jobs = new JobQueue({ database, bus, clock });
  return {
    ...own,
    bus,
    redis,
    limiting: openLimiting({ redis, clock, logger }),
    presence,
    jobs,
    worker: new JobWorker({ queue: jobs, bus, clock, logger, maxJobs: config.LECTERN_JOBS }),
    tokens,
    refreshSecrets: await secrets.refreshKey(refreshSecretMs),
    logins: building.add('logins', await openLogins({ database, bus, logger })),
  };
}

/** Runs the background jobs that the stations have handlers for. */
async function startJobs(building: ResourceStack, { jobs, logins, clock, logger, worker }: Basics): Promise<void> {
  worker.handle(cleanUp({ jobs, logins, clock }));
  building.add('jobs', worker);
  await worker.start();
  building.defer('cleanup', repeatCleanUp({ jobs, clock, logger }));
}

/** The recorder with its object store, the videos made from recordings, and their delivery. */
async function openRecording(building: ResourceStack, basics: Basics, registry: LectureRegistry) {
  const { bus, config, clock, logger, dataFolder, database, jobs, leases, tokens, logins, worker } = basics;
  const store = building.add('store', await openObjectStore(config, dataFolder, { clock, logger, pageOrigin: config.LECTERN_PUBLIC_URL }));
  const recorder = building.add('recorder', await createRecorder({ database, store, clock, logger, config, dataFolder, leases, isOnAir: (lectureId) => registry.isOnAir(LectureId.parse(lectureId)) }));
  const videos = new VideoStore(database);
  const courseRoles = openCourseRoles(database);
  const titleOf = async (lectureId: string) => (await registry.get(LectureId.parse(lectureId))).title;
  const videoSync = building.add('videos', new VideoSync({ recorder, videos, jobs, clock, logger, titleOf }));
  worker.handle(posterMaker({ recorder, videos, store, clock, logger, ffmpegPath: config.LECTERN_FFMPEG, workFolder: await openWorkFolder(dataFolder) }));
  const live = recordLiveLectures({ registry, recorder, clock, logger });
  building.defer('recordings of live lectures', () => live.stop());
  const media = new MediaDelivery({
    signer: tokens,
    library: recorder.recordings,
    posters: videos,
    gate: mediaGate(new AccessPolicy({ courseRoles, lectures: registry }), logins),
    store,
    clock,
    logger,
    isRedirecting: isRedirectingMedia(config),
  });
  building.defer('revocation of media', await forgetRevoked({ bus, logins, media }));
  building.defer('removals', announceRemovals({ bus, registry, clock }));
  building.defer('rights', await followRights({ bus, registry, courseRoles }));
  const recover = async () => {
    await live.settled();
    await recorder.finishAbandoned();
    await videoSync.catchUp();
  };
  return { store, recorder, videos, videoSync, media, recover };
}

type Recording = Omit<Awaited<ReturnType<typeof openRecording>>, 'recover'>;

interface ApiStations {
  registry: LectureRegistry;
  ingest: Ingest;
  plane: MediaPlane;
}

async function openApi(basics: Basics, { registry, ingest, plane, store, recorder, videos, videoSync, media }: Recording & ApiStations): Promise<Api> {
  const { bus, clock, config, database, presence } = basics;
  const readiness = new Readiness({ ...basics, checks: { media: () => requireMedia(plane), spool: () => recorder.requireSpool() } });
  const origin = isRedirectingMedia(config) ? await browserOrigin(store) : undefined;
  return createApi({
    ...basics,
    jobs: new JobAdministration({ database, bus, clock }),
    limiters: basics.limiting.limiters,
    directory: engineDirectory({ registry, bus, presence, onRenamed: (lectureId, title) => videoSync.rename(lectureId, title) }),
    plane,
    streamKeys: ingestStreamKeys(ingest),
    videoCatalog: recorderVideoCatalog({ videos, recordings: recorder.recordings }),
    media,
    checkReadiness: () => readiness.check(),
    mediaOrigins: origin === undefined ? [] : [origin],
    playbackLifetimeSeconds: config.LECTERN_PLAYBACK_HOURS * 3600,
    pagesFolder: pagesFolder(),
  });
}

function mediaGate(policy: AccessPolicy, logins: Logins): MediaGate {
  return { mayWatch: async ({ userId, loginId, lectureId }) => (await logins.isOpen({ userId, loginId })) && policy.mayWatch(userId, lectureId) };
}

function pagesFolder(): string | undefined {
  const folder = path.join(import.meta.dirname, 'player', 'dist');
  return existsSync(path.join(folder, 'index.html')) ? folder : undefined;
}

/** URLs at which other machines on the network reach this one. */
function networkUrls(url: string): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => url.replace('localhost', address));
}

/** What the start prints. */
export function announcement({ url, setupUrl, ports, config }: Pick<Lectern, 'url' | 'setupUrl' | 'ports' | 'config'>): string {
  const pages = config.LECTERN_PUBLIC_URL ?? url;
  const lines = [`Lectern is running.`, ``, `  Pages    ${pages}`];
  if (config.LECTERN_HTTP_LISTEN_ADDRESS === '0.0.0.0') lines.push(...networkUrls(url).map((address) => `           ${address}`));
  lines.push(`  OBS      ${encoderServerUrl(new URL(pages).hostname, ports)}`);
  lines.push(`  Data     ${path.resolve(config.LECTERN_DATA_DIR)}`);
  if (setupUrl) lines.push(``, `  Create the first account (this link works once):`, `  ${setupUrl}`);
  if (pages.startsWith('http:')) {
    lines.push(``, `  Browsers allow camera and microphone on secure pages only. On this machine, localhost counts as secure;`, `  for other machines set LECTERN_TLS_CERT and LECTERN_TLS_KEY, or use an HTTPS proxy and set LECTERN_PUBLIC_URL.`);
  }
  return lines.join('\n');
}

/** One sentence that says why the server cannot start. */
function explain(error: unknown): string {
  if (error instanceof ConfigError) return `Lectern cannot start: ${error.message}`;
  return `Lectern cannot start: ${error instanceof Error ? error.message : String(error)}`;
}

function stopOnSignal(lectern: Lectern): void {
  let stoppingSinceMs: number | undefined;
  const stop = () => {
    const nowMs = systemClock.nowMs();
    if (stoppingSinceMs !== undefined && nowMs - stoppingSinceMs < repeatedSignalMs) return;
    if (stoppingSinceMs !== undefined) process.exit(1);
    stoppingSinceMs = nowMs;
    setTimeout(() => {
      lectern.logger.fatal({ part: lectern.closing() }, 'lectern.stopTimedOut');
      process.exit(1);
    }, stopWithinMs).unref();
    lectern.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`Lectern did not stop cleanly: ${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** A bug in one lecture must not end all others. */
function surviveBugs(logger: Logger): void {
  process.on('uncaughtException', (err) => logger.error({ err }, 'process.uncaughtException'));
  process.on('unhandledRejection', (err) => logger.error({ err }, 'process.unhandledRejection'));
}

if (import.meta.main) {
  // Recordings and personal data: other users of this machine must not read them.
  process.umask(0o077);
  try {
    if (existsSync('.env')) process.loadEnvFile('.env');
    const lectern = await startLectern(process.env);
    surviveBugs(lectern.logger);
    stopOnSignal(lectern);
    process.stdout.write(`\n${announcement(lectern)}\n\n`);
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  }
}
