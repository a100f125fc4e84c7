import type { Readable } from 'node:stream';
import type { CodedError, ErrorCode } from '#engine/contract';

export interface MediaRequest {
  method: string;
  /** The first segment of the path. */
  token: string;
  /** The rest of it, as it stood in the request, still percent-encoded. */
  path: string;
  query?: Readonly<Record<string, unknown>>;
  range?: string;
  ifRange?: string;
  ifNoneMatch?: string;
  acceptEncoding?: string;
}

/** Plain data, for whatever web server there is. Whoever takes it reads the body to its end or destroys it. */
export interface MediaResponse {
  status: number;
  headers: Record<string, string>;
  body: Readable | Buffer | null;
}

const statusOf: Partial<Record<ErrorCode, number>> = {
  'auth.expired': 401,
  'auth.invalid': 401,
  'access.denied': 403,
  'lecture.notFound': 404,
  'object.notFound': 404,
  'object.corrupt': 404,
  'store.unavailable': 503,
  'database.unavailable': 503,
  'disk.full': 503,
};

/** RFC 9457, in the shape of every other problem of Lectern. */
export function problemResponse(error: CodedError): MediaResponse {
  const status = statusOf[error.code] ?? 500;
  const problem = { type: `urn:lectern:problem:${error.code}`, title: error.code, status, detail: error.message, code: error.code, instance: '' };
  const body = Buffer.from(JSON.stringify(problem));
  const retry: Record<string, string> = status === 503 ? { 'retry-after': '2' } : {};
  const headers = { 'content-type': 'application/problem+json', 'cache-control': 'no-store', 'content-length': String(body.length), ...retry };
  return { status, headers, body };
}

export function emptyResponse(status: number, headers: Record<string, string>): MediaResponse {
  return { status, headers: status === 304 ? headers : { 'content-length': '0', ...headers }, body: null };
}

/** If-None-Match compares weakly (RFC 9110 §13.1.2). */
export function isUnchanged(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const plain = (tag: string) => tag.trim().replace(/^W\//, '');
  return ifNoneMatch.split(',').some((tag) => plain(tag) === '*' || plain(tag) === plain(etag));
}
