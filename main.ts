import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import type * as z from 'zod';
import { announcement, apiConfig, auditRooms, builtPages, checkApiConfig, createApi, engineDirectory, handleAttendance, ingestStreamKeys, openCourseErasure, openCourseRoles, openLogins, openMailer, openMedia, openSiteHealth, openSiteSettings, openWebhooks, Readiness, recorderVideoCatalog, refreshSecretMs, reportEnrolments, reportLectures, reportRecording, requireLecturesAllowed, requireMedia, sharedChecks, startAccountJobs, startEnrolmentJobs, startRemoval, startStorageJobs, sumWhenEnded, type Api, type OpenedWebhooks, type SiteSettingsSource } from '#api';
import { AccessPolicy, announceRemovals, followErasures, followRights, isLectureLiveOnHost, lectureConfig, LectureOwners, LectureRegistry, lectureRenamed, noMediaPlane, serveOwnerRequests, type CourseRoles, type MediaPlane } from '#engine';
import { LectureId } from '#engine/contract';
import { background, checkProcessConfig, Heartbeat, createLogger, isLogPretty, JobAdministration, JobQueue, JobWorker, LeaseKeeper, NodeDirectory, openBus, openDatabase, OutboundPolicy, openLimiting, openNodeFolder, openPresence, ProcessDirectory, ResourceStack, parseConfig, processConfig, runServer, Secrets, systemClock, TokenSigner } from '#engine/kernel';
import type { Bus, Clock, CrossCheck, Database, Limiting, Logger, Presence, RedisConnection, RunningServer, Sealer, SharedSecret } from '#engine/kernel';
import { createMediaPlane, sfuConfig } from '#engine/sfu';
import { checkIngestConfig, createIngest, engineLectures, ingestConfig, requireFfmpeg, shareReplacements, StreamKeys, type EncoderPorts } from '#ingest';
import { browserOrigin, checkStorageConfig, createRecorder, isRedirectingMedia, openLibrary, openObjectStore, makeVideos, openLectureClock, openUploads, openVideoCuts, openWorkFolder, recorderConfig, recordLiveLectures, startVideoJobs, storageConfig, uploadConfig, VideoSync, VideoStore, type ObjectStore, type OpenedUploads, type Recorder } from '#recorder';
import { createSignaling, signalingConfig } from '#signaling';
import { findWorkerBinary } from './engine/setup/workerBinary.ts';

/** Every setting of the product, station by station. `.env.example` is generated from it. */
export const settings = processConfig.extend({ ...apiConfig.shape, ...ingestConfig.shape, ...lectureConfig.shape, ...recorderConfig.shape, ...sfuConfig.shape, ...signalingConfig.shape, ...storageConfig.shape, ...uploadConfig.shape });

const checkSettings: CrossCheck<Settings> = (config, addProblem) => {
  checkProcessConfig(config, addProblem);
  checkApiConfig(config, addProblem);
  checkIngestConfig(config, addProblem);
  checkStorageConfig(config, addProblem);
};

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
  webhooks: OpenedWebhooks;
  /** The live nodes of the site. */
  nodes: NodeDirectory;
  courseRoles: CourseRoles;
  tokens: TokenSigner;
  refreshSecrets: SharedSecret;
  sealer: Sealer;
  logins: Logins;
  settings: SiteSettingsSource;
}

export interface Lectern extends RunningServer {
  readonly config: Settings;
  /** URL of the pages on this machine. */
  url: string;
  /** Link that creates the first account; undefined once there is an admin. */
  setupUrl: string | undefined;
  /** The open ports for encoders. */
  ports: EncoderPorts;
}

/** Builds the stations of this process one after the other. They are closed in reverse, also if a later step fails. */
export async function startLectern(environment: NodeJS.ProcessEnv): Promise<Lectern> {
  const config = parseConfig(settings, environment, checkSettings);
  const logger = createLogger({ level: config.LECTERN_LOG_LEVEL, isPretty: isLogPretty(config.LECTERN_LOG_FORMAT) });
  const dataFolder = path.resolve(config.LECTERN_DATA_DIR);
  const roles = config.LECTERN_ROLES;
  if (roles.has('live') || roles.has('worker')) await requireFfmpeg(config.LECTERN_FFMPEG);
  await using building = new ResourceStack();

  const node = building.add('node', openNodeFolder(dataFolder));
  const database = building.add('database', await openDatabase({ config, dataFolder, logger }));
  const heartbeatFile = path.join(dataFolder, 'alive');
  const downtimeMs = await Heartbeat.downtimeMs(heartbeatFile);
  const clock = roles.has('live') ? await openLectureClock(database, logger) : systemClock;
  const leases = building.add('leases', new LeaseKeeper({ database, nodeId: node.nodeId, isShared: config.LECTERN_DATABASE_URL !== undefined, clock, logger }));
  const basics: Basics = await openBasics(building, { config, clock, logger, dataFolder, database, leases });
  const live = roles.has('live') ? await openLive(building, basics, { environment, awayMs: leases.isShared ? 0 : downtimeMs }) : undefined;
  const lectures = live ?? (await openElsewhere(building, basics));
  const api = building.add('pages and API', await openApi(building, basics, lectures));
  if (live) building.add('signaling', createSignaling({ ...basics, httpServer: api.server, registry: live.registry }));
  background('database.prepare', database.ready(), logger);
  const port = await api.listen();
  if (live && leases.isShared) building.defer('announcement', await announceNode(basics, live));
  if (roles.has('worker')) await startJobs(building, basics, { ...lectures, siteUrl: siteUrl(config, port) });
  building.add('heartbeat', await Heartbeat.start({ file: heartbeatFile, clock, logger }));

  const parts = building.move();
  const url = localUrl(config, port);
  logger.info({ url, dataFolder, roles: [...roles] }, 'lectern.started');
  return {
    config,
    logger,
    url,
    ports: lectures.ports,
    setupUrl: api.setupToken && `${siteUrl(config, port)}/setup?token=${api.setupToken}`,
    closing: () => parts.closing,
    close: async () => {
      api.drain();
      lectures.registry.drain();
      await parts[Symbol.asyncDispose]();
      logger.info('lectern.stopped');
    },
  };
}

const localUrl = ({ LECTERN_TLS_CERT: certificate }: Settings, port: number) => `${certificate === undefined ? 'http' : 'https'}://localhost:${port}`;

/** Where people reach the pages: in mails and in links of the log. */
const siteUrl = (config: Settings, port: number) => config.LECTERN_PUBLIC_URL ?? localUrl(config, port);

/** The parts that know no lecture, and that the processes of one site share. */
async function openBasics(building: ResourceStack, own: Pick<Basics, 'config' | 'clock' | 'logger' | 'dataFolder' | 'database' | 'leases'>): Promise<Basics> {
  const { config, clock, logger, dataFolder, database } = own;
  const opened = building.add('bus', await openBus({ redisUrl: config.LECTERN_REDIS_URL, clock, logger }));
  const { bus, redis } = opened;
  const presence = building.add('presence', openPresence({ redis, clock, logger }));
  const rotateAfterMs = config.LECTERN_KEY_ROTATION_DAYS > 0 ? config.LECTERN_KEY_ROTATION_DAYS * 24 * 3600_000 : undefined;
  const secrets = building.add('secrets', await Secrets.open({ database, secretsFolder: path.join(dataFolder, 'secrets'), sealKey: config.LECTERN_SECRET, rotateAfterMs, clock, logger }));
  // Media tokens are the ones that are valid longest. The clock of lectures may be ahead in one process, and not in another.
  const tokens = new TokenSigner(await secrets.tokenKey(config.LECTERN_PLAYBACK_HOURS * 3600_000), systemClock);
  return {
    ...own,
    bus,
    redis,
    limiting: openLimiting({ redis, sharedDatabase: config.LECTERN_DATABASE_URL === undefined ? undefined : database, clock, logger }),
    presence,
    jobs: new JobQueue({ database, bus, clock }),
    webhooks: openWebhooks({ database, jobs: new JobQueue({ database, bus, clock }), outbound: new OutboundPolicy({ allowed: config.LECTERN_OUTBOUND_NETWORKS }), sealer: secrets.sealer, clock, logger }),
    nodes: new NodeDirectory({ database, clock: systemClock, logger }),
    courseRoles: openCourseRoles(database),
    tokens,
    refreshSecrets: await secrets.refreshKey(refreshSecretMs),
    sealer: secrets.sealer,
    logins: building.add('logins', await openLogins({ database, bus, logger })),
    settings: building.add('settings', await openSiteSettings({ ...own, bus })),
  };
}

/** What the API, delivery and the jobs use of the lectures, whether they are live in this process or in others. */
interface Lectures {
  registry: LectureRegistry;
  owners: LectureOwners;
  recordings: Recorder['recordings'];
  store: ObjectStore;
  videos: VideoStore;
  uploading: OpenedUploads;
  streamKeys: StreamKeys;
  ports: EncoderPorts;
  /** Gives the video of a lecture its new title. */
  rename: (lectureId: LectureId, title: string) => Promise<void>;
  /** What this process is not ready without, by the name of the part. */
  checks: Readonly<Record<string, () => Promise<void> | void>>;
  /** Those of this process. */
  workers?: () => MediaPlane['workers'];
}

type LiveLectures = Lectures & { plane: MediaPlane };

/** The lectures that this process owns: media, recorder and ingest. */
async function openLive(building: ResourceStack, basics: Basics, { environment, awayMs }: { environment: NodeJS.ProcessEnv; awayMs: number | undefined }): Promise<LiveLectures> {
  const { bus, config, clock, logger, dataFolder, database, jobs, leases } = basics;
  const plane = building.add('media plane', await createMediaPlane({ config, workerBin: findWorkerBinary(environment), ffmpegCommand: config.LECTERN_FFMPEG, logger, clock }));
  const registry = building.add('registry', LectureRegistry.create({ database, plane, clock, logger, leases, graceMs: config.LECTERN_GRACE_SECONDS * 1000, requireStartAllowed: () => requireLecturesAllowed(basics.settings.current) }));
  const { store, videos, uploading } = await openVideos(building, basics);
  const recorder = building.add('recorder', await createRecorder({ database, store, clock, logger, config, dataFolder, leases, isOnAir: (lectureId) => registry.isOnAir(LectureId.parse(lectureId)) }));
  const titleOf = async (lectureId: string) => (await registry.get(LectureId.parse(lectureId))).title;
  const videoSync = building.add('videos', new VideoSync({ recorder, videos, jobs, clock, logger, titleOf, makesRenditions: config.LECTERN_TRANSCODE_RECORDINGS, onReady: reportRecording(basics.webhooks.events) }));
  building.defer('events of webhooks', reportLectures({ registry, events: basics.webhooks.events, logger }));
  building.defer('audit of rooms', auditRooms({ registry, database, clock, logger }));
  const recording = recordLiveLectures({ registry, recorder, clock, logger });
  building.defer('recordings of live lectures', () => recording.stop());
  building.defer('removals', announceRemovals({ bus, registry, clock }));
  building.defer('rights', await followRights({ bus, registry, courseRoles: basics.courseRoles }));
  building.defer('requests to the owner', await serveOwnerRequests({ bus, registry, plane, clock, leases }));
  // A video that is made at this moment may get the title of before.
  const renameVideo = async ({ lectureId }: { lectureId: LectureId }) => videoSync.rename(lectureId, await titleOf(lectureId));
  building.defer('titles', await bus.subscribe(lectureRenamed, { onMessage: renameVideo, onMissed: () => undefined }));
  building.defer('attendance', sumWhenEnded({ registry, jobs, logger }));
  await registry.recover(awayMs);
  await recording.settled();
  await recorder.finishAbandoned();
  await videoSync.catchUp();
  const owners = new LectureOwners({ ...basics, registry });
  const ingest = building.add('ingest', await createIngest({ config, lectures: engineLectures(registry, owners), database, clock, logger }));
  building.defer('stream keys', await shareReplacements({ bus, streamKeys: ingest.streamKeys, nodeId: leases.nodeId, onMissed: () => ingest.recheckKeys() }));
  return {
    plane, registry, owners, store, videos, uploading,
    recordings: recorder.recordings, streamKeys: ingest.streamKeys, ports: ingest,
    rename: (lectureId, title) => videoSync.rename(lectureId, title),
    workers: () => plane.workers,
    checks: { media: () => requireMedia(plane), spool: () => recorder.requireSpool() },
  };
}

/** The lectures as they are stored, for a process that owns none. */
async function openElsewhere(building: ResourceStack, basics: Basics): Promise<Lectures> {
  const { bus, config, clock, logger, database, leases } = basics;
  const registry = LectureRegistry.create({ database, plane: noMediaPlane, clock, logger, leases, graceMs: config.LECTERN_GRACE_SECONDS * 1000 });
  const { store, videos, uploading } = await openVideos(building, basics);
  const streamKeys = new StreamKeys({ database, clock, logger });
  building.defer('stream keys', await shareReplacements({ bus, streamKeys, nodeId: leases.nodeId }));
  return {
    registry, store, videos, uploading, streamKeys,
    owners: new LectureOwners({ ...basics, registry }),
    recordings: openLibrary({ ...basics, store }),
    ports: { rtmpPort: config.LECTERN_RTMP_PORT, rtmpsPort: config.LECTERN_RTMPS_PORT },
    rename: (lectureId, title) => videos.rename(lectureId, title),
    checks: {},
  };
}

/** The store of objects, and the videos made from recordings. */
async function openVideos(building: ResourceStack, basics: Basics) {
  const store = building.add('store', await openObjectStore(basics.config, basics.dataFolder, { ...basics, pageOrigin: basics.config.LECTERN_PUBLIC_URL }));
  const videos = new VideoStore(basics.database);
  return { store, videos, uploading: building.add('uploads', await openUploads({ ...basics, store, onArrived: makeVideos({ ...basics, store, videos }) })) };
}

/** Lets the other processes find this live node. */
function announceNode({ nodes, leases, config }: Basics, { plane }: Pick<LiveLectures, 'plane'>): Promise<() => Promise<void>> {
  return nodes.announce(leases.nodeId, () => {
    const shares = plane.workers.map(({ cpuShare }) => cpuShare);
    // Without a worker it can take no lecture.
    const load = plane.isAvailable && shares.length > 0 ? shares.reduce((sum, share) => sum + share, 0) / shares.length : 1;
    return { signalingPath: config.LECTERN_SIGNALING_PATH, rtmpAddress: config.LECTERN_RTMP_ADDRESS ?? null, load };
  });
}

/** Runs the background jobs that the stations have handlers for. */
async function startJobs(building: ResourceStack, basics: Basics, { registry, owners, recordings, videos, uploading, store, rename, siteUrl }: Lectures & { siteUrl: string }): Promise<void> {
  const { jobs, bus, webhooks, clock, logger, config, dataFolder } = basics;
  const workFolder = await openWorkFolder(dataFolder);
  const worker = building.add('jobs', new JobWorker({ queue: jobs, bus, clock, logger, maxJobs: config.LECTERN_JOBS }));
  const isLectureLive = () => isLectureLiveOnHost({ registry, leases: basics.leases, processes: new ProcessDirectory(basics), hostname: hostname() });
  building.add('jobs of videos', await startVideoJobs(worker, { ...basics, videos, recordings, store, uploading, workFolder, isLectureLive, environment: process.env }));
  const courses = openCourseErasure({ ...basics, files: store, directory: engineDirectory({ ...basics, registry, owners, onRenamed: rename }) });
  building.defer('attendance', handleAttendance(worker, { ...basics, registry }));
  building.defer('repeated jobs', startAccountJobs(worker, { ...basics, courses, objects: store, mailer: openMailer(config, clock), printsLinks: config.NODE_ENV !== 'production', siteUrl, workFolder }));
  building.defer('seats', startEnrolmentJobs(worker, { ...basics, onEnrolled: reportEnrolments(webhooks, logger) }));
  building.defer('webhooks', webhooks.work(worker, new AccessPolicy({ courseRoles: basics.courseRoles, lectures: registry })));
  building.defer('removal', startRemoval(worker, { ...basics, store, courses }));
  building.defer('storage', startStorageJobs(worker, { ...basics, store }));
  await worker.start();
}

async function openApi(building: ResourceStack, basics: Basics, lectures: Lectures): Promise<Api> {
  const { bus, clock, config, database } = basics;
  const { registry, owners, store, recordings, videos, uploading, streamKeys, ports, rename, checks } = lectures;
  building.defer('erased people', await followErasures({ bus, registry }));
  const roles = config.LECTERN_ROLES;
  const media = roles.has('delivery') ? building.add('media', await openMedia({ ...basics, lectures: registry, library: recordings, videos, store, isRedirecting: isRedirectingMedia(config) })).media : undefined;
  const [readiness, jobs] = [new Readiness({ ...basics, checks }), new JobAdministration({ database, bus, clock })];
  const health = building.add('health', await openSiteHealth({ ...basics, jobs, nodeId: basics.leases.nodeId, roles, certificateFile: config.LECTERN_TLS_CERT, checks: { ...checks, ...sharedChecks({ store, bus, hasRedis: basics.redis !== undefined }) }, workers: lectures.workers }));
  const cuts = openVideoCuts({ ...basics, recordings, store, videos });
  const origin = isRedirectingMedia(config) ? await browserOrigin(store) : undefined;
  return createApi({
    ...basics,
    jobs,
    health,
    ...basics.limiting,
    jobQueue: basics.jobs,
    objects: store,
    sendsMail: config.LECTERN_SMTP_URL !== undefined,
    directory: engineDirectory({ ...basics, registry, owners, onRenamed: rename }),
    plans: registry.plans,
    listWorkers: () => owners.workers(),
    live: owners,
    streamKeys: ingestStreamKeys({ ...ports, streamKeys }),
    videoCatalog: recorderVideoCatalog({ videos, recordings, cuts, clock }),
    uploading: { uploads: uploading.uploads, videos },
    cuts,
    imageFiles: store,
    ...(media && { media }),
    signalingPathOf: async (lectureId) => (await owners.signalingPathOf(lectureId)) ?? config.LECTERN_SIGNALING_PATH,
    webSocketPath: roles.has('live') ? config.LECTERN_SIGNALING_PATH : undefined,
    hasRest: roles.has('api'),
    checkReadiness: () => readiness.check(),
    mediaOrigins: origin === undefined ? [] : [origin],
    playbackLifetimeSeconds: config.LECTERN_PLAYBACK_HOURS * 3600,
    pagesFolder: builtPages(import.meta.dirname),
  });
}

if (import.meta.main) {
  const start = async () => {
    if (existsSync('.env')) process.loadEnvFile('.env');
    return startLectern(process.env);
  };
  await runServer(start, announcement);
}
