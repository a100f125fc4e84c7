import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import type { Express, NextFunction, Request, Response } from 'express';

export interface MediaRequest {
  /** The playback token, unchecked. */
  token: string;
  /** What comes after it, as it stood in the request, still percent-encoded: `main.m3u8`. */
  path: string;
  query: Readonly<Record<string, unknown>>;
  method: string;
  range?: string;
  ifRange?: string;
  ifNoneMatch?: string;
  acceptEncoding?: string;
  /** Aborts when the client has gone. */
  signal: AbortSignal;
}

export interface MediaResponse {
  status: number;
  headers: Readonly<Record<string, string | number>>;
  body: string | Uint8Array | Readable | null;
}

/** Whoever serves playlists and segments: checks the token and answers in plain data. A CodedError becomes a problem. */
export interface MediaDelivery {
  serve(request: MediaRequest): Promise<MediaResponse>;
}

export function mountMedia(app: Express, delivery: MediaDelivery): void {
  app.get(/^\/media\/[^/]+\/./, async (request: Request, response: Response, next: NextFunction) => {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    try {
      send(response, await delivery.serve(mediaRequest(request, gone.signal)), next);
    } catch (error) {
      if (!gone.signal.aborted) next(error);
    }
  });
}

function mediaRequest(request: Request, signal: AbortSignal): MediaRequest {
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
    signal,
  };
}

function send(response: Response, { status, headers, body }: MediaResponse, next: NextFunction): void {
  response.status(status);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (body === null || typeof body === 'string' || body instanceof Uint8Array) {
    response.end(response.req.method === 'HEAD' ? null : body);
    return;
  }
  // The pipe keeps the source at the client's pace, and ends it when the client goes.
  pipeline(body, response).catch((error: unknown) => {
    if (!isClientGone(error)) next(error);
  });
}

function isClientGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}
