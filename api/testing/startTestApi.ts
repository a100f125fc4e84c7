import { mkdtemp, rm } from 'node:fs/promises';
import { generateKeyPairSync } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, onTestFinished } from 'vitest';
import { followErasures, LectureOwners, LectureRegistry, serveOwnerRequests } from '#engine';
import type { LiveLecture } from '#engine';
import { LectureId, UserId } from '#engine/contract';
import type { CourseRole, Participant } from '#engine/contract';
import { createLogger, createSealer, InProcessBus, JobAdministration, JobQueue, LeaseKeeper, MemoryPresence, NodeDirectory, openLimiting, OutboundPolicy, parseConfig, TokenSigner } from '#engine/kernel';
import type { Database, StoredDocument } from '#engine/kernel';
import { countingDatabase, declaredCollections, FakeMediaPlane, ManualClock, openTestDatabase, refusingDatabase, silentLogger as logger } from '#engine/testing';
import type { AskedWrite } from '#engine/testing';
import { StreamKeys } from '#ingest';
import { createRecorder, makeVideos, openObjectStore, openUploads, openVideoCuts, openWorkFolder, recorderConfig, storageConfig, uploadConfig, VideoStore } from '#recorder';
import type { OpenUploadsOptions } from '#recorder';
import { apiConfig, auditRooms, createApi, engineDirectory, ingestStreamKeys, openCourseErasure, openLogins, openSiteHealth, openSiteSettings, openWebhooks, Readiness, recorderVideoCatalog, reportLectures, requireLecturesAllowed, requireMedia, startAccountJobs, startRemoval, startStorageJobs } from '../index.ts';
import type { ApiOptions } from '../index.ts';
import { openPersonalData } from '../personal/index.ts';
import { Browser } from './Browser.ts';
import { JobRunner } from './JobRunner.ts';
import { Mailbox } from './Mailbox.ts';
import { recordVideo } from './recordVideo.ts';
import type { RecordedLecture } from './recordVideo.ts';

export interface TestApiOptions extends Partial<Pick<ApiOptions, 'sendsMail' | 'media' | 'pagesFolder' | 'hasRest' | 'timeouts' | 'checkReadiness' | 'maxConnections' | 'limiters'>> {
  settings?: Record<string, string>;
  /** What uploads use instead of their own, and the free bytes of the disk that they leave. */
  uploads?: Partial<Pick<OpenUploadsOptions, 'scanner' | 'wrapIncoming' | 'onArrived'>>;
  /** Writes that the database answers with `disk.full`. */
  isWriteRefused?: (write: AskedWrite) => boolean;
  rtmpsPort?: number;
  /** As in development, which is the default. */
  printsLinks?: boolean;
  /** Networks that webhooks may be sent to; none by default. */
  outboundNetworks?: readonly string[];
}

/** Where the links of mails lead. */
export const testSiteUrl = 'https://lectern.example.org';

const refreshSecret = { value: 'a key for tests only' };

/** Weak, so that tests do not wait for hashes; `passwords.test.ts` has the cost of production. */
const passwordCost = { memoryKib: 8, passes: 1, parallelism: 1 };

export type TestApi = Awaited<ReturnType<typeof openTestApi>>;

/** For one test: closes when the test ends. */
export async function startTestApi(options?: TestApiOptions): Promise<TestApi> {
  const site = await openTestApi(options);
  onTestFinished(() => site.close());
  return site;
}

/** For all tests of a file: closes after the last one. */
export async function startSharedTestApi(options?: TestApiOptions): Promise<TestApi> {
  const site = await openTestApi(options);
  afterAll(() => site.close());
  return site;
}

/** The API with the real parts of the other stations, on a free loopback port, over a database in memory. Only media is a fake. */
async function openTestApi({ settings = {}, isWriteRefused = () => false, rtmpsPort, printsLinks = true, outboundNetworks = [], uploads: uploadOptions = {}, ...options }: TestApiOptions = {}) {
  // A start that fails leaves nothing open either.
  await using opened = new AsyncDisposableStack();
  const [clock, plane] = [new ManualClock(), new FakeMediaPlane()];
  const declared = declaredCollections(refusingDatabase(opened.adopt(await openTestDatabase(), (kept) => kept.close()), isWriteRefused));
  const database = countingDatabase(declared);
  const tokens = new TokenSigner(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, clock);
  const bus = opened.adopt(new InProcessBus({ clock, logger }), (kept) => kept.close());
  const config = parseConfig(apiConfig, { LECTERN_HTTP_PORT: '0', LECTERN_HTTP_LISTEN_ADDRESS: '127.0.0.1', ...settings });
  const siteSettings = opened.adopt(await openSiteSettings({ database, bus, clock, logger, config }), (kept) => kept.close());
  const registry = opened.adopt(LectureRegistry.create({ database, plane, clock, logger, graceMs: 300_000, requireStartAllowed: () => requireLecturesAllowed(siteSettings.current) }), (all) => all.close());
  const recording = await openRecording(opened, database);
  const cuts = openVideoCuts({ database, bus, clock, recordings: recording.recorder.recordings, store: recording.store, videos: recording.videos });
  const leases = LeaseKeeper.ofOnlyProcess({ database, clock, logger });
  const owners = new LectureOwners({ bus, leases, nodes: new NodeDirectory({ database, clock, logger }), registry, clock });
  opened.defer(await followErasures({ bus, registry }));
  opened.defer(await serveOwnerRequests({ bus, registry, plane, clock, leases }));
  const logins = await openLogins({ database, bus, logger });
  const jobs = new JobQueue({ database, bus, clock });
  const streamKeys = new StreamKeys({ database, clock, logger });
  const readiness = new Readiness({ database, clock, checks: { media: () => requireMedia(plane) } });
  const jobAdministration = new JobAdministration({ database, bus, clock });
  const health = opened.adopt(await openSiteHealth({ bus, database, jobs: jobAdministration, logger, nodeId: leases.nodeId, roles: new Set(['live', 'api']), dataFolder: tmpdir(), certificateFile: undefined, checks: { media: () => requireMedia(plane) }, workers: () => plane.workers }), (kept) => kept.close());
  /** Names that resolve to something else than a public address. */
  const hosts = new Map([['localhost', '127.0.0.1']]);
  const outbound = new OutboundPolicy({ allowed: outboundNetworks, resolve: async (hostname) => [hosts.get(hostname) ?? '93.184.215.14'] });
  const sealer = createSealer('a seal key for tests only');
  const webhooks = openWebhooks({ database, jobs, outbound, sealer, clock, logger });
  opened.defer(reportLectures({ registry, events: webhooks.events, logger }));
  opened.defer(auditRooms({ registry, database, clock, logger }));
  const logLines: Record<string, unknown>[] = [];
  const keptLogger = createLogger({ level: 'info', destination: { write: (line: string) => void logLines.push(JSON.parse(line) as Record<string, unknown>) } });
  const uploading = opened.adopt(await openUploads({ config: { ...storageConfig.parse({}), ...uploadConfig.parse({}), LECTERN_DISK_RESERVE_MB: 0 }, dataFolder: recording.dataFolder, database, store: recording.store, jobs, leases, bus, clock, logger: keptLogger, onArrived: makeVideos({ videos: recording.videos, store: recording.store, jobs, clock }), ...uploadOptions }), (kept) => kept.close());
  const directory = engineDirectory({ registry, owners, bus, clock, presence: new MemoryPresence(), onRenamed: (lectureId, title) => recording.videos.rename(lectureId, title) });
  const api = await createApi({
    config,
    settings: siteSettings,
    database,
    tokens,
    logins,
    refreshSecrets: { current: () => refreshSecret, accepted: () => [refreshSecret] },
    ...openLimiting({ redis: undefined, sharedDatabase: undefined, clock, logger }),
    jobs: jobAdministration,
    health,
    sealer,
    webhooks,
    jobQueue: jobs,
    bus,
    objects: recording.store,
    sendsMail: true,
    clock,
    plans: registry.plans,
    logger: keptLogger,
    directory,
    listWorkers: () => owners.workers(),
    live: owners,
    signalingPathOf: () => Promise.resolve('/socket.io'),
    webSocketPath: '/socket.io',
    hasRest: true,
    streamKeys: ingestStreamKeys({ streamKeys, rtmpPort: 1935, rtmpsPort }),
    videoCatalog: recorderVideoCatalog({ videos: recording.videos, recordings: recording.recorder.recordings, cuts, clock }),
    uploading: { uploads: uploading.uploads, videos: recording.videos },
    cuts,
    imageFiles: recording.store,
    playbackLifetimeSeconds: 3600,
    passwordCost,
    checkReadiness: () => readiness.check(),
    ...options,
  });
  const [mailbox, runner] = [new Mailbox(), new JobRunner(jobs)];
  const mailer = options.sendsMail === false ? undefined : mailbox;
  const courses = openCourseErasure({ database, files: recording.store, jobs, directory, clock, logger: keptLogger });
  const startJobs = () => {
    const stopStorage = startStorageJobs(runner, { database, bus, store: recording.store, jobs, settings: siteSettings, clock, logger: keptLogger });
    const stopSweep = uploading.work(runner);
    const stopAccounts = startAccountJobs(runner, { database, bus, jobs, logins, courses, settings: siteSettings, objects: recording.store, mailer, printsLinks, siteUrl: testSiteUrl, workFolder: recording.workFolder, clock, logger: keptLogger });
    const stopRemoval = startRemoval(runner, { database, courses, store: recording.store, jobs, clock, logger: keptLogger });
    return () => [stopStorage, stopSweep, stopAccounts, stopRemoval].forEach((stop) => stop());
  };
  let stopJobs: (() => void) | undefined;
  opened.defer(() => stopJobs?.());
  const url = `http://127.0.0.1:${await api.listen()}`;
  opened.defer(async () => {
    api.server.closeAllConnections();
    await api.close();
  });
  const resources = opened.move();
  const browser = () => new Browser(url);
  return {
    api,
    url,
    clock,
    tokens,
    bus,
    jobs,
    settings: siteSettings,
    logins,
    webhooks,
    hosts,
    streamKeys,
    database,
    /** The collections that the product has declared. */
    collectionNames: () => declared.names,
    /** A collection that the product has declared, with its indexes. */
    collection: <Row extends StoredDocument>(name: string) => declared.declared<Row>(name),
    registry,
    plane,
    videos: recording.videos,
    recorder: recording.recorder,
    mailbox,
    /** Runs every job that waits. Resolves with the errors of those that failed. */
    runJobs: () => {
      stopJobs ??= startJobs();
      return runner.runAll();
    },
    personal: openPersonalData({ database, bus, objects: recording.store, logins }),
    uploads: uploading.uploads,
    /** The data folder of the recorder, with `objects/` in it. */
    dataFolder: recording.dataFolder,
    /** The object store of recordings and images. */
    store: recording.store,
    logLines,
    browser,
    close: () => resources.disposeAsync(),
    /** A new browser in which someone has just signed up. */
    signup: (name: string) => browser().signup(name),
    /** The browser of Ada, administrator and instructor. */
    firstAccount: () => makeFirstAccount(browser(), api.setupToken),
    /** Puts someone into a live room, as signaling does. */
    enter: (lectureId: string, person: Browser, role: CourseRole = 'student') => enter(registry, { lectureId, person, role }),
    /** A finished recording of the lecture, 90 s of camera and microphone, and its video. */
    recordVideo: (lecture: RecordedLecture) => recordVideo(recording, lecture),
  };
}

async function openRecording(opened: AsyncDisposableStack, database: Database) {
  // A clock of its own, which stands still: the recorder's timers have nothing to do in a test that skips a month.
  const clock = new ManualClock();
  const dataFolder = opened.adopt(await mkdtemp(path.join(tmpdir(), 'lectern-api-')), (folder) => rm(folder, { recursive: true }));
  const store = opened.adopt(await openObjectStore(storageConfig.parse({}), dataFolder, { clock, logger }), (each) => each.close());
  const recorder = opened.adopt(await createRecorder({ database, store, clock, logger, config: recorderConfig.parse({}), dataFolder }), (each) => each.close());
  return { recorder, store, dataFolder, workFolder: await openWorkFolder(dataFolder), videos: new VideoStore(database) };
}

async function makeFirstAccount(browser: Browser, token = ''): Promise<Browser> {
  const form = { email: 'ada@example.org', displayName: 'Ada', password: 'ada-password' };
  return browser.take(await browser.api.completeSetup({ body: { token, ...form } }));
}

interface Entrance {
  lecture: LiveLecture;
  participant: Participant;
}

function enter(registry: LectureRegistry, { lectureId, person, role }: { lectureId: string; person: Browser; role: CourseRole }): Entrance {
  const lecture = registry.live(LectureId.parse(lectureId));
  if (!lecture) throw new Error(`${lectureId} is not live`);
  const participant = lecture.enter({ userId: UserId.parse(person.userId), displayName: person.account?.displayName ?? '', kind: role === 'student' ? 'viewer' : 'presenter', role });
  return { lecture, participant };
}
