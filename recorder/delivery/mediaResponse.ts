import type { Readable } from 'node:stream';

export interface MediaRequest {
  method: string;
  /** The playback token, not verified. */
  token: string;
  /** The path after the token as the request has it, percent-encoded: `main.m3u8`. */
  path: string;
  query?: Readonly<Record<string, unknown>>;
  range?: string;
  ifRange?: string;
  ifNoneMatch?: string;
  acceptEncoding?: string;
  /** False: not to the store, which the client cannot read from. */
  mayRedirect?: boolean;
}

/** A response as plain data. The receiver reads a stream to its end or destroys it. */
export interface MediaResponse {
  status: number;
  headers: Record<string, string>;
  body: Readable | Buffer | null;
}

export function emptyResponse(status: number, headers: Record<string, string>): MediaResponse {
  return { status, headers: status === 304 ? headers : { 'content-length': '0', ...headers }, body: null };
}

/** `If-None-Match` uses weak comparison (RFC 9110 §13.1.2). */
export function isUnchanged(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const plain = (tag: string) => tag.trim().replace(/^W\//, '');
  return ifNoneMatch.split(',').some((tag) => plain(tag) === '*' || plain(tag) === plain(etag));
}
