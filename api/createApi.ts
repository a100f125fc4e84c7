import { AccessPolicy } from '#engine';
import type { CourseRoles, LecturePlans } from '#engine';
import type { LectureId, NodeWorker, UserId } from '#engine/contract';
import type { Bus, Clock, Database, JobAdministration, JobQueue, Logger, OneTimeTickets, RateLimiters, Sealer, TokenSigner } from '#engine/kernel';
import { openTranscodeRequests, type ObjectStore } from '#recorder';
import { Gatekeeper, MacKeys } from './access/index.ts';
import type { Handlers, MacSecrets } from './access/index.ts';
import { accountHandlers, setupHandlers } from './accounts/accountHandlers.ts';
import { Accounts } from './accounts/Accounts.ts';
import { AccountStore } from './accounts/AccountStore.ts';
import { FirstAccount } from './accounts/FirstAccount.ts';
import { Logins } from './accounts/Logins.ts';
import type { LoginStore } from './accounts/LoginStore.ts';
import type { PasswordCost } from './accounts/passwords.ts';
import { createAddresses } from './addresses/createAddresses.ts';
import { administrationHandlers } from './administration/administrationHandlers.ts';
import { DatabaseAuditLog } from './audit/index.ts';
import type { ApiConfig } from './config.ts';
import { contentHandlers } from './content/contentHandlers.ts';
import { transcodeHandlers } from './content/transcodeHandlers.ts';
import { libraryHandlers } from './content/libraryHandlers.ts';
import { ProgressStore } from './content/ProgressStore.ts';
import type { VideoCatalog } from './content/VideoCatalog.ts';
import { VideoViews } from './content/VideoViews.ts';
import { WatchedVideos } from './content/WatchedVideos.ts';
import { ActiveCourseRoles } from './courses/ActiveCourseRoles.ts';
import { Categories } from './courses/Categories.ts';
import { categoryHandlers } from './courses/categoryHandlers.ts';
import { CategoryStore } from './courses/CategoryStore.ts';
import { CourseCovers } from './courses/CourseCovers.ts';
import { courseHandlers } from './courses/courseHandlers.ts';
import { CourseLife } from './courses/CourseLife.ts';
import { courseLifeHandlers } from './courses/courseLifeHandlers.ts';
import { courseListHandlers } from './courses/courseListHandlers.ts';
import { CourseLists } from './courses/CourseLists.ts';
import { Courses } from './courses/Courses.ts';
import { CourseSearch } from './courses/CourseSearch.ts';
import { CourseViews } from './courses/CourseViews.ts';
import { invitationHandlers } from './courses/invitationHandlers.ts';
import { Invitations } from './courses/Invitations.ts';
import { InvitationStore } from './courses/InvitationStore.ts';
import { Members } from './courses/Members.ts';
import type { StreamKeyManager } from './courses/StreamKeyManager.ts';
import { connectionLimit, createApp, createServer, KnownDevices, limitBodySize, limitConnections, listen, openFileLimit, RateLimits, RequestBudget } from './http/index.ts';
import { createEnrolment, enrolmentHandlers, rosterHandlers } from './enrolment/index.ts';
import type { MediaService, WebServer } from './http/index.ts';
import type { SiteHealth } from './health/index.ts';
import { Editing } from './editing/Editing.ts';
import { IdempotentRequests } from './repeating/IdempotentRequests.ts';
import { ImageConverter } from './images/ImageConverter.ts';
import { imageHandlers } from './images/imageHandlers.ts';
import { Images } from './images/Images.ts';
import type { ImageFiles } from './images/Images.ts';
import { homeHandlers } from './home/homeHandlers.ts';
import { createSignIn } from './identities/createSignIn.ts';
import { ownershipHandlers } from './ownership/ownershipHandlers.ts';
import { peopleHandlers } from './people/peopleHandlers.ts';
import type { LectureDirectory } from './lectures/LectureDirectory.ts';
import { learningParts, planningParts } from './learningParts.ts';
import { materialParts } from './materials/openMaterials.ts';
import { lectureHandlers } from './lectures/lectureHandlers.ts';
import { LectureViews } from './lectures/LectureViews.ts';
import type { RouteName } from './contract/index.ts';
import { closeGraceMs, serverTimeouts } from './limits.ts';
import type { ServerTimeouts } from './limits.ts';
import type { LiveOwners } from './live/liveNowHandlers.ts';
import { liveHandlers } from './live/liveHandlers.ts';
import { openSharing } from './sharing/openSharing.ts';
import type { SiteSettingsSource } from './settings/index.ts';
import type { OpenedWebhooks } from './webhooks/openWebhooks.ts';
import { reportEnrolments } from './webhooks/reportEnrolments.ts';
import { accessTokenHandlers } from './tokens/accessTokenHandlers.ts';
import { AccessTokens } from './tokens/AccessTokens.ts';
import { AccessTokenStore } from './tokens/AccessTokenStore.ts';
import { catalogWithClasses } from './storageClasses/catalogWithClasses.ts';
import { exportHandlers } from './personal/exportHandlers.ts';
import { Exports } from './personal/Exports.ts';
import { ExportStore } from './personal/ExportStore.ts';
import { openUploadParts } from './uploads/index.ts';
import type { Uploading } from './uploads/index.ts';

export interface ApiOptions {
  config: ApiConfig;
  database: Database;
  tokens: TokenSigner;
  /** Shared with the stations whose rooms and media end with a login. */
  logins: LoginStore;
  /** The secrets of refresh tokens and device cookies: at least 32 random bytes as text. */
  refreshSecrets: MacSecrets;
  jobs: JobAdministration;
  webhooks: OpenedWebhooks;
  bus: Bus;
  /** Where jobs are added. */
  jobQueue: JobQueue;
  objects: ObjectStore;
  /** An SMTP server is set. */
  sendsMail: boolean;
  /** Of requests that invite guessing or flooding. */
  limiters: RateLimiters;
  /** Of steps that are taken once, such as the answer of a sign-in provider. */
  tickets: OneTimeTickets;
  /** Of the secrets of accounts. */
  sealer: Sealer;
  clock: Clock;
  logger: Logger;
  directory: LectureDirectory;
  plans: LecturePlans;
  /** The media workers of all live nodes, for administrators. */
  listWorkers: () => Promise<NodeWorker[]>;
  /** The settings of the site that change at run time. Their owner closes them. */
  settings: SiteSettingsSource;
  /** Of all processes, for administrators. */
  health: Pick<SiteHealth, 'details'>;
  /** What the owners of live lectures measure of them, for administrators. */
  live: LiveOwners;
  videoCatalog: VideoCatalog;
  uploading: Uploading;
  streamKeys: StreamKeyManager;
  /** Where the images of people and courses are kept. */
  imageFiles: ImageFiles;
  media?: MediaService;
  /** Origins that signed media URLs redirect to. */
  mediaOrigins?: readonly string[];
  /** Seconds for which a media URL is valid. */
  playbackLifetimeSeconds: number;
  /** The built player; without it the server has no pages. */
  pagesFolder?: string;
  /** The path of the WebSockets of the node that owns a lecture. */
  signalingPathOf: (lectureId: LectureId) => Promise<string>;
  /** The path of the WebSockets of this process, if it has any. */
  webSocketPath: string | undefined;
  /** REST and pages; without them, only the health of the process is served, and `media`. */
  hasRest: boolean;
  /** Fails with a CodedError while a part that the server needs is unavailable. */
  checkReadiness: () => Promise<void>;
  timeouts?: ServerTimeouts;
  /** HTTP connections at once; by the file descriptors of the process when left out. */
  maxConnections?: number;
  /** Of password hashes. Only tests lower it: no setting does. */
  passwordCost?: PasswordCost;
}

export interface Api {
  /** Does not listen before `listen`, so that signaling can be attached first. */
  readonly server: WebServer;
  readonly courseRoles: CourseRoles;
  /** For the link that is printed at start-up (`/setup?token=…`); undefined once there is an administrator, and without REST. */
  readonly setupToken: string | undefined;
  /** Resolves with the port. */
  listen(): Promise<number>;
  /** Makes `/health/ready` return 503, so that load balancers choose other nodes. */
  drain(): void;
  /** Waits `closeGraceMs` for requests in flight, then closes every connection. Idempotent. */
  close(): Promise<void>;
}

/** What every process answers. */
const healthRoutes: ReadonlySet<RouteName> = new Set<RouteName>(['getLiveness', 'getReadiness']);

/** Builds the REST API, the pages, and the web server that they share with signaling. */
export async function createApi(options: ApiOptions): Promise<Api> {
  const { config, clock, logger } = options;
  const state = { isStopping: false };
  const parts = await createParts({ ...options, videoCatalog: catalogWithClasses(options.videoCatalog, options) }, () => state.isStopping);
  const tls = tlsFiles(config);
  const app = createApp({
    handlers: parts.handlers,
    gatekeeper: parts.gatekeeper,
    limits: new RateLimits({ clock, limiters: options.limiters, settings: options.settings }),
    audit: parts.audit,
    budget: new RequestBudget(clock),
    editing: new Editing(options),
    repeating: new IdempotentRequests(options),
    corsOrigins: config.LECTERN_CORS_ORIGINS,
    devices: new KnownDevices(new MacKeys(options.refreshSecrets)),
    clock,
    loginOf: (token) => parts.logins.loginOf(token),
    logger,
    publicUrl: config.LECTERN_PUBLIC_URL,
    trustedProxies: config.LECTERN_TRUSTED_PROXIES,
    media: options.media,
    calendars: options.hasRest ? parts.calendars : undefined,
    shared: options.hasRest ? parts.sharing : undefined,
    uploadAbilities: parts.uploadAbilities,
    mediaOrigins: options.mediaOrigins ?? [],
    pagesFolder: options.hasRest ? options.pagesFolder : undefined,
    isServed: (route) => options.hasRest || healthRoutes.has(route),
  });
  const server = await createServer({ listener: app, tls, timeouts: options.timeouts ?? serverTimeouts, logger, webSocketPath: options.webSocketPath });
  const drain = () => {
    state.isStopping = true;
  };
  let closing: Promise<void> | undefined;
  return {
    server,
    courseRoles: parts.courseRoles,
    get setupToken() {
      return options.hasRest ? parts.firstAccount.token : undefined;
    },
    listen: () => {
      // Before every other listener, including those that Socket.IO has added in front of the application.
      for (const event of ['request', 'checkExpectation']) server.prependListener(event, limitBodySize(clock));
      limitConnections(server, { maxConnections: options.maxConnections ?? connectionLimit(openFileLimit()), logger });
      return listen(server, { port: config.LECTERN_HTTP_PORT, address: config.LECTERN_HTTP_LISTEN_ADDRESS });
    },
    drain,
    close: () => {
      drain();
      parts.stopFollowing();
      return (closing ??= closeServer(server, clock).finally(() => parts.audit.close()));
    },
  };
}

async function createParts(options: ApiOptions, isStopping: () => boolean) {
  const { config, database, tokens, clock, logger, directory, plans, videoCatalog, streamKeys, signalingPathOf, settings } = options;
  const [store, progress, audit] = [new AccountStore(database), new ProgressStore(database), new DatabaseAuditLog({ database, clock, logger })];
  const stopFollowing = await store.follow(options.bus);
  const refreshKeys = new MacKeys(options.refreshSecrets);
  const firstAccount = await FirstAccount.open({ accounts: store, keys: refreshKeys, limiters: options.limiters });
  const enrolment = createEnrolment({ database, accounts: store, jobs: options.jobQueue, onEnrolled: reportEnrolments(options.webhooks, logger), clock, logger });
  const onVerified = (userId: UserId) => enrolment.pending.tryToClaim(userId);
  const logins = new Logins({ store: options.logins, accounts: store, tokens, refreshKeys, settings, onOpened: onVerified, clock, logger });
  const { enrolments, courseStore, removals, admissions, waiting } = enrolment;
  const [invitationStore, courseRoles] = [new InvitationStore(database), new ActiveCourseRoles({ accounts: store, courses: courseStore, enrolments, removals })];
  const policy = new AccessPolicy({ courseRoles, lectures: directory });
  const [search, categories] = [new CourseSearch(database), new Categories({ store: new CategoryStore(database), courses: courseStore, logger })];
  const courses = new Courses({ courses: courseStore, search, categories, enrolments, waiting, accounts: store, directory, streamKeys, settings, clock, logger });
  const members = new Members({ courses: courseStore, enrolments, removals, accounts: store, admissions, directory, clock, logger });
  const invitations = new Invitations({ store: invitationStore, members, policy, clock, logger });
  const [accounts, lectureViews] = [new Accounts({ store, logins, rights: courses, clock, logger, passwordCost: options.passwordCost }), new LectureViews(directory, videoCatalog)];
  const videoViews = new VideoViews({ videoCatalog, tokens, clock, lifetimeSeconds: options.playbackLifetimeSeconds });
  const courseViews = new CourseViews({ courses, categories, members, lectures: lectureViews, clock });
  const watched = new WatchedVideos({ progress, videoCatalog, views: videoViews, courses: courseStore, policy });
  const { addresses, mails, handlers: address } = createAddresses({ ...options, accounts, store, logins, jobs: options.jobQueue, onVerified });
  const exports = new Exports({ store: new ExportStore(database), objects: options.objects, jobs: options.jobQueue, tokens, logins: options.logins, clock, logger });
  const { secondFactor, handlers: signIn } = createSignIn({ ...options, audit, accounts, accountStore: store, logins, enrol: (grant, userId) => members.grant(grant, userId), onVerified });
  const images = new Images({ files: options.imageFiles, converter: new ImageConverter(logger), logger });
  const [accessTokens, covers] = [new AccessTokens({ store: new AccessTokenStore(database), accounts: store, logins: options.logins, clock, logger }), new CourseCovers({ store: courseStore, images, clock })];
  const learningOptions = { database, plans, directory, courseStore, enrolments, accounts: store, videoCatalog, limiters: options.limiters, clock };
  const [planning, uploading] = [planningParts(learningOptions), openUploadParts({ ...options, policy })];
  const learning = learningParts(learningOptions, { planning, courses, views: lectureViews, policy });
  const accountOptions = { accounts, store, logins, images, firstAccount, secondFactor, addresses, notices: mails, settings };
  const sharing = openSharing(options, { views: videoViews, courses, courseStore });
  const handlers: Handlers = {
    ...setupHandlers(accountOptions),
    ...accountHandlers(accountOptions),
    ...signIn,
    ...administrationHandlers(options, { audit, store, logins, courses, courseStore, isStopping }),
    ...accessTokenHandlers({ accessTokens }),
    ...courseHandlers({ courses, members, people: enrolment.people, views: courseViews, streamKeys, schedule: planning.series }),
    ...address,
    ...exportHandlers({ exports }),
    ...courseListHandlers({ courses, lists: new CourseLists({ courses, store: courseStore, search, categories }), views: courseViews }),
    ...courseLifeHandlers({ courses, covers, life: new CourseLife({ courses, store: courseStore, covers, directory, streamKeys, clock, logger }), views: courseViews }),
    ...ownershipHandlers({ ...options, accounts: store, courses, courseStore, enrolments, notices: mails, views: courseViews }),
    ...categoryHandlers({ categories }),
    ...invitationHandlers({ invitations, courses, courseStore, members, admissions, accounts: store }),
    ...enrolmentHandlers({ ...enrolment, courses, members, clock }),
    ...rosterHandlers(enrolment),
    ...lectureHandlers({ directory, views: lectureViews, courses: courseStore, accounts: store, clock, ...planning }),
    ...learning.handlers, ...materialParts({ ...options, policy }),
    ...liveHandlers({ directory, views: lectureViews, courseStore, tokens, clock, ice: config, signalingPathOf }),
    ...homeHandlers({ courses, views: lectureViews, watched, clock }),
    ...contentHandlers({ videoCatalog, views: videoViews, progress, ranges: learning.watched, courses: courseStore, clock }),
    ...libraryHandlers({ ...options, views: videoViews, progress, courses, courseStore, categories, policy }),
    ...transcodeHandlers(openTranscodeRequests({ database, store: options.objects, jobs: options.jobQueue })),
    ...imageHandlers(images), ...sharing.handlers, ...uploading.handlers, ...peopleHandlers({ accounts: store, enrolments }),
  };
  return { handlers, audit, sharing: sharing.sharing, calendars: learning.calendars, uploadAbilities: uploading.abilities, stopFollowing: () => (stopFollowing(), uploading.close()), logins, firstAccount, courseRoles, gatekeeper: new Gatekeeper({ tokens, logins, accessTokens, policy, placeOfVideo: (videoId) => videoCatalog.get(videoId) }) };
}

function tlsFiles({ LECTERN_TLS_CERT: certFile, LECTERN_TLS_KEY: keyFile }: ApiConfig) {
  return certFile !== undefined && keyFile !== undefined ? { certFile, keyFile } : undefined;
}

async function closeServer(server: WebServer, clock: Clock): Promise<void> {
  if (!server.listening) return;
  await new Promise<void>((resolve) => {
    const cancel = clock.after(closeGraceMs, () => {
      server.closeAllConnections();
      // Upgraded sockets have another owner, which closes them.
      resolve();
    });
    server.close(() => {
      cancel();
      resolve();
    });
    server.closeIdleConnections();
  });
}
