import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import { CodedError } from '#engine/contract';
import type { Logger } from '#engine/kernel';
import { problemContentType } from '../contract/index.ts';
import { problemOf } from './problemOf.ts';

const requestIdHeader = 'X-Request-Id';

export function giveRequestId(_request: Request, response: Response, next: NextFunction): void {
  response.setHeader(requestIdHeader, randomUUID());
  next();
}

export function refuseUnknownPath(request: Request, _response: Response, next: NextFunction): void {
  next(new CodedError('route.unknown', `There is no ${request.method} ${shownPath(request)}.`));
}

/** The last resort of every request: answers what went wrong, and notes it in one line. */
export function answerFailure(logger: Logger) {
  // Express knows a failure handler by its four parameters.
  // eslint-disable-next-line max-params
  return (err: unknown, request: Request, response: Response, next: NextFunction): void => {
    const { problem, isOurs } = problemOf(err, String(response.getHeader(requestIdHeader) ?? ''));
    const line = { code: problem.code, status: problem.status, instance: problem.instance, method: request.method, route: routeOf(request), address: request.ip };
    if (isOurs) logger.error({ ...line, err }, 'request.failed');
    else logger.info({ ...line, detail: problem.detail }, 'request.refused');
    if (response.headersSent) return next(err);
    if (problem.status === 401) response.setHeader('WWW-Authenticate', 'Bearer realm="lectern"');
    if (problem.retryAfterSeconds !== undefined) response.setHeader('Retry-After', Math.ceil(problem.retryAfterSeconds));
    response.setHeader('Cache-Control', 'no-store');
    response.status(problem.status).type(problemContentType).send(JSON.stringify(problem));
  };
}

/** The route's pattern, not the path: a path may hold a token. */
function routeOf(request: Request): string {
  const route: unknown = request.route;
  if (typeof route === 'object' && route !== null && 'path' in route) return String(route.path);
  return shownPath(request);
}

/** Below /media the path holds a token, which is nobody's business but its owner's. */
function shownPath({ path }: Request): string {
  return /^\/+media\//i.test(path) ? '/media/…' : path.slice(0, 200);
}
