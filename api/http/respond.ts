import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import { cleanLine, CodedError, isCoded } from '#engine/contract';
import { withLogFields } from '#engine/kernel';
import type { Logger } from '#engine/kernel';
import { problemContentType } from '../contract/index.ts';
import { problemOf } from './problemOf.ts';

const requestIdHeader = 'X-Request-Id';

/** An id that a client or a proxy may choose: long enough to be its own, and harmless in a log. */
const givenRequestId = /^[\w.:-]{8,64}$/;

/** Gives the request an id, which its response and every log line of it have. A well-formed id of the client is kept. */
export function assignRequestId(request: Request, response: Response, next: NextFunction): void {
  const given = request.get(requestIdHeader);
  const requestId = given !== undefined && givenRequestId.test(given) ? given : randomUUID();
  response.setHeader(requestIdHeader, requestId);
  const close = withLogFields({ requestId }, () => next());
  response.once('close', close);
}

export function refuseUnknownPath(request: Request, _response: Response, next: NextFunction): void {
  next(new CodedError('route.unknown', `There is no ${request.method} ${shownPath(request)}.`));
}

/** Responds to every request that failed with a problem document, and logs it in one line. */
export function respondToFailure(logger: Logger) {
  // Express recognises an error handler by its four parameters.
  // eslint-disable-next-line max-params
  return (err: unknown, request: Request, response: Response, next: NextFunction): void => {
    const { problem, isOurs } = problemOf(err, String(response.getHeader(requestIdHeader) ?? ''));
    const line = { code: problem.code, status: problem.status, instance: problem.instance, method: request.method, route: routeOf(request), address: request.ip };
    if (isOurs && !(isMedia(request) && isCoded(err))) logger.error({ ...line, err }, 'request.failed');
    else logger[isMedia(request) ? 'debug' : 'info']({ ...line, detail: problem.detail }, 'request.refused');
    if (response.headersSent) return next(err);
    if (problem.status === 401) response.setHeader('WWW-Authenticate', 'Bearer realm="lectern"');
    if (problem.retryAfterSeconds !== undefined) response.setHeader('Retry-After', Math.ceil(problem.retryAfterSeconds));
    const limit = problem.details?.limit;
    if (typeof limit === 'string') response.setHeader('RateLimit', `"${limit}";r=0;t=${Math.ceil(problem.retryAfterSeconds ?? 1)}`);
    response.setHeader('Cache-Control', 'no-store');
    response.status(problem.status).type(problemContentType).send(JSON.stringify(problem));
  };
}

/** The pattern of the route; a path may hold a token. */
function routeOf(request: Request): string {
  const route: unknown = request.route;
  if (typeof route === 'object' && route !== null && 'path' in route) return String(route.path);
  return shownPath(request);
}

/** More than an id has, and fewer than a token has. */
const maxShownSegment = 40;

/** A media URL holds a token, which must not be logged, however the path is written: `/./media/…`, `/%6dedia/…`, `/m/<token>`. */
function shownPath({ path }: Request): string {
  // Terminals obey control characters, also those that JSON does not escape.
  const plain = cleanLine(decoded(path));
  if (/(^|[/\\])media([/\\]|$)/i.test(plain)) return '/media/…';
  return plain.split('/').map((segment) => (segment.length > maxShownSegment ? '…' : segment)).join('/').slice(0, 200);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return '/…';
  }
}

/** Players repeat these requests every few seconds; a refusal is logged at debug level. */
function isMedia({ path }: Request): boolean {
  return /^\/+media\//i.test(path);
}
