import type { Request, RequestHandler } from 'express';
import type { Logger } from '#engine/kernel';

type IsTrusted = (address: string | undefined, hop: number) => boolean;

/** Express has compiled the setting. */
function isFromTrustedProxy({ app, socket }: Request): boolean {
  return (app.get('trust proxy fn') as IsTrusted)(socket.remoteAddress, 0);
}

/**
 * Warns once if a request was forwarded by a proxy that is not trusted: everybody behind it then has its address, and is
 * counted and logged as one client.
 */
export function warnOfProxy(logger: Logger, trustedProxies: readonly string[]): RequestHandler {
  let hasWarned = false;
  return (request, _response, next) => {
    if (!hasWarned && request.headers['x-forwarded-for'] !== undefined && !isFromTrustedProxy(request)) {
      hasWarned = true;
      const hint = 'Requests are forwarded by a proxy that is not trusted, so everybody behind it counts as one client. If it is yours, add its address to LECTERN_TRUSTED_PROXIES.';
      logger.warn({ proxy: request.socket.remoteAddress, trustedProxies, hint }, 'proxy.untrusted');
    }
    next();
  };
}
