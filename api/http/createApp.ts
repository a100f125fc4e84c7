import express from 'express';
import type { Express, Request } from 'express';
import type { Logger } from '#engine/kernel';
import { respondToFailure, assignRequestId, refuseUnknownPath } from './respond.ts';
import { addressGroup } from './addressGroup.ts';
import { allowOrigins } from './allowOrigins.ts';
import { mountDocs } from './mountDocs.ts';
import { mountCalendars } from './mountCalendars.ts';
import type { CalendarService } from './mountCalendars.ts';
import { mountMedia } from './mountMedia.ts';
import type { MediaService } from './mountMedia.ts';
import { mountRoutes } from './mountRoutes.ts';
import { mountShared } from './mountShared.ts';
import type { SharedService } from './mountShared.ts';
import type { MountOptions } from './mountRoutes.ts';
import { mountPages } from './pages.ts';
import { securityHeaders } from './securityHeaders.ts';
import { warnOfProxy } from './warnOfProxy.ts';

export interface CreateAppOptions extends Omit<MountOptions, 'isSecure' | 'hostnameOf' | 'originOf'> {
  logger: Logger;
  publicUrl: string | undefined;
  trustedProxies: readonly string[];
  media: MediaService | undefined;
  calendars: CalendarService | undefined;
  shared: SharedService | undefined;
  /** What tus can, for the answer to OPTIONS. */
  uploadAbilities: Readonly<Record<string, string>>;
  mediaOrigins: readonly string[];
  pagesFolder: string | undefined;
  /** Other origins whose pages may call the API. */
  corsOrigins: readonly string[];
}

/** The Express application; its middleware is in the order in which a request passes it. */
export function createApp(options: CreateAppOptions): Express {
  const { publicUrl, media, pagesFolder } = options;
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', options.trustedProxies.length > 0 ? [...options.trustedProxies] : false);
  app.set('etag', false);
  app.use(warnOfProxy(options.logger, options.trustedProxies));
  const isSecure = (request: Request) => request.secure || publicUrl?.startsWith('https:') === true;
  app.use(assignRequestId, securityHeaders({ isSecure, publicUrl, mediaOrigins: options.mediaOrigins }), allowOrigins(options.corsOrigins));
  app.use('/api/', (request, response, next) => {
    options.budget.spend('address', addressGroup(request.ip ?? ''), response);
    next();
  });
  if (media) mountMedia(app, media);
  const originOf = (request: Request) => publicUrl ?? requestedOrigin(request);
  if (options.calendars) mountCalendars(app, options.calendars, originOf);
  app.options(/^\/api\/v1\/content\/uploads(\/|$)/i, (_request, response, next) => {
    response.set(options.uploadAbilities);
    next();
  });
  mountRoutes(app, {
    ...options,
    isSecure,
    originOf,
    hostnameOf: (request) => (publicUrl === undefined ? request.hostname : new URL(publicUrl).hostname),
  });
  if (pagesFolder !== undefined) mountDocs(app);
  if (options.shared) mountShared(app, { sharing: options.shared, pagesFolder, originOf });
  if (pagesFolder !== undefined) mountPages(app, pagesFolder);
  app.use(refuseUnknownPath, respondToFailure(options.logger));
  return app;
}

/** The origin that the browser has in its address bar, where no setting says it. The client writes the header. */
function requestedOrigin({ host, protocol }: Request): string {
  const origin = `${protocol}://${host}`;
  return URL.canParse(origin) ? new URL(origin).origin : 'http://localhost';
}
