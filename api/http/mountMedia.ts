import { pipeline } from 'node:stream/promises';
import type { Express, NextFunction, Request, Response } from 'express';
import type { MediaDelivery, MediaRequest, MediaResponse } from '#recorder';

/** What answers requests for playlists and segments. It throws a CodedError for what it refuses. */
export type MediaService = Pick<MediaDelivery, 'serve'>;

export function mountMedia(app: Express, media: MediaService): void {
  app.get(/^\/media\/[^/]+\/./, async (request: Request, response: Response, next: NextFunction) => {
    try {
      send(response, await media.serve(mediaRequest(request)), next);
    } catch (error) {
      if (!response.closed) next(error);
    }
  });
}

function mediaRequest(request: Request): MediaRequest {
  const [, token = '', path = ''] = /^\/media\/([^/]+)\/(.+)$/.exec(request.path) ?? [];
  return {
    token,
    path,
    query: request.query,
    method: request.method,
    range: request.get('range'),
    ifRange: request.get('if-range'),
    ifNoneMatch: request.get('if-none-match'),
    acceptEncoding: request.get('accept-encoding'),
  };
}

function send(response: Response, { status, headers, body }: MediaResponse, next: NextFunction): void {
  response.status(status);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (body === null || body instanceof Uint8Array) {
    response.end(response.req.method === 'HEAD' ? null : body);
    return;
  }
  // The pipeline applies back-pressure, and destroys the source when the client disconnects.
  pipeline(body, response).catch((error: unknown) => {
    if (!isClientGone(error)) next(error);
  });
}

function isClientGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}
