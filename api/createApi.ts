import type { CourseRoles } from '#engine';
import type { Clock } from '#engine/kernel';
import { MacKeys } from './access/index.ts';
import type { ApiConfig } from './config.ts';
import { connectionLimit, createApp, createServer, KnownDevices, limitBodySize, limitConnections, listen, openFileLimit, RateLimits, RequestBudget } from './http/index.ts';
import type { WebServer } from './http/index.ts';
import { Editing } from './editing/Editing.ts';
import { IdempotentRequests } from './repeating/IdempotentRequests.ts';
import type { RouteName } from './contract/index.ts';
import { closeGraceMs, serverTimeouts } from './limits.ts';
import { catalogWithClasses } from './storageClasses/catalogWithClasses.ts';
import type { ApiOptions } from './ApiOptions.ts';
import { createParts } from './createParts.ts';

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
