import type { LecturePlans } from '#engine';
import type { LectureId, NodeWorker } from '#engine/contract';
import type { Bus, Clock, Database, JobAdministration, JobQueue, Logger, OneTimeTickets, RateLimiters, Sealer, TokenSigner } from '#engine/kernel';
import { type ObjectStore, type VideoCuts } from '#recorder';
import type { MacSecrets } from './access/index.ts';
import type { LoginStore } from './accounts/LoginStore.ts';
import type { PasswordCost } from './accounts/passwords.ts';
import type { ApiConfig } from './config.ts';
import type { VideoCatalog } from './content/VideoCatalog.ts';
import type { StreamKeyManager } from './courses/StreamKeyManager.ts';
import type { MediaService } from './http/index.ts';
import type { SiteHealth } from './health/index.ts';
import type { ImageFiles } from './images/Images.ts';
import type { LectureDirectory } from './lectures/LectureDirectory.ts';
import type { ServerTimeouts } from './limits.ts';
import type { LiveOwners } from './live/liveNowHandlers.ts';
import type { SiteSettingsSource } from './settings/index.ts';
import type { OpenedWebhooks } from './webhooks/openWebhooks.ts';
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
  cuts: VideoCuts;
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
