import type { NextFunction, Request, Response } from 'express';

/** Response headers that scripts of other origins may read. */
const exposed = 'Allow, ETag, Idempotent-Replayed, Lectern-Video, Location, RateLimit, RateLimit-Policy, Retry-After, Tus-Extension, Tus-Max-Size, Tus-Resumable, Tus-Version, Upload-Expires, Upload-Length, Upload-Metadata, Upload-Offset, WWW-Authenticate, X-Request-Id';

/** Request headers that they may send. `X-Lectern-Client` is not among them: it stands for a page of this site. */
const accepted = 'Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Range, Tus-Resumable, Upload-Checksum, Upload-Length, Upload-Metadata, Upload-Offset, X-Request-Id';

/** Seconds for which a browser keeps the answer to a preflight: the most that Chromium allows. */
const maxAgeSeconds = 7200;

/**
 * Lets pages of the listed origins call the API and fetch media (CORS), with tokens and never with cookies. Without origins no
 * header is set, and browsers refuse.
 */
export function allowOrigins(origins: readonly string[]) {
  const known = new Set(origins);
  return (request: Request, response: Response, next: NextFunction): void => {
    if (known.size === 0 || !/^\/(api|media|\.well-known)\//i.test(request.path)) return next();
    response.vary('Origin');
    const origin = request.get('origin');
    if (origin === undefined || !known.has(origin)) return next();
    response.setHeader('Access-Control-Allow-Origin', origin);
    response.setHeader('Access-Control-Expose-Headers', exposed);
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    const isPreflight = request.method === 'OPTIONS' && request.get('access-control-request-method') !== undefined;
    if (!isPreflight) return next();
    response.setHeader('Access-Control-Allow-Methods', 'GET, HEAD, POST, PUT, PATCH, DELETE');
    response.setHeader('Access-Control-Allow-Headers', accepted);
    response.setHeader('Access-Control-Max-Age', maxAgeSeconds);
    response.status(204).end();
  };
}
