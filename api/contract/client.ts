import type { ErrorCode } from '#engine/contract';
import { ApiError, ApiUnreachableError } from './ApiError.ts';
import { Problem } from './problem.ts';
import type { RouteRequest, RouteResponse, RouteSpec } from './route.ts';
import { routes } from './routes.ts';
import type { RouteName, Routes } from './routes.ts';

export interface ApiClientOptions {
  /** '' for the server the page came from. */
  baseUrl: string;
  fetch: typeof globalThis.fetch;
  getAccessToken(): string | undefined;
  /**
   * A call that requires an account failed with 401. Get a new access token (`refresh`) and return true to repeat the call,
   * or false to let it fail. Concurrent calls may ask at the same time: share one refresh between them.
   */
  onUnauthorized(): Promise<boolean>;
  /** Every response of the server, before its body is read. */
  onResponse?(response: Response): void;
}

export interface CallOptions {
  signal?: AbortSignal;
  /** Lets the call finish when its page is closed meanwhile. */
  keepalive?: boolean;
  /** What the change starts from: a result of this client. Fails with `version.changed` if somebody else has changed it since. */
  ifUnchanged?: object;
  /** Repeating a creating call with the same key, like a UUID, does not create twice. */
  idempotencyKey?: string;
}

type CallArguments<R extends RouteSpec> = object extends RouteRequest<R>
  ? [request?: RouteRequest<R>, options?: CallOptions]
  : [request: RouteRequest<R>, options?: CallOptions];

/** One method for each route, under its name. Fails with `ApiError`, `ApiUnreachableError`, or the AbortError of the signal. */
export type ApiClient = {
  [N in RouteName as Routes[N] extends { readonly exchange: object } ? never : N]: (...parameters: CallArguments<Routes[N]>) => Promise<RouteResponse<Routes[N]>>;
};

/** Marks a request of a script of this site. A form or link on another site cannot set it, and CORS is not granted. */
export const clientHeader = 'x-lectern-client';

const tokenRefusals: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['auth.required', 'auth.invalid', 'auth.expired']);

interface AnyRequest {
  params?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: unknown;
}

export function createApiClient(options: ApiClientOptions): ApiClient {
  const call = async (spec: RouteSpec, request: AnyRequest = {}, callOptions: CallOptions = {}): Promise<unknown> => {
    const outgoing = { spec, request, signal: callOptions.signal, keepalive: callOptions.keepalive ?? false, headers: headersOf(callOptions) };
    try {
      return await exchange(options, outgoing);
    } catch (error) {
      const isTokenRefused = spec.auth !== 'none' && error instanceof ApiError && tokenRefusals.has(error.code);
      if (!isTokenRefused || !(await options.onUnauthorized())) throw error;
      return exchange(options, outgoing);
    }
  };
  const entries = Object.entries(routes).filter(([, spec]) => !('exchange' in spec)).map(([name, spec]) => [
    name,
    (request?: AnyRequest, callOptions?: CallOptions) => call(spec, request, callOptions),
  ]);
  return Object.fromEntries(entries) as ApiClient;
}

interface Outgoing {
  spec: RouteSpec;
  request: AnyRequest;
  signal: AbortSignal | undefined;
  keepalive: boolean;
  headers: Record<string, string>;
}

/** The entity tags of results. */
const tags = new WeakMap<object, string>();

function headersOf({ ifUnchanged, idempotencyKey }: CallOptions): Record<string, string> {
  const tag = ifUnchanged && tags.get(ifUnchanged);
  return { ...(tag !== undefined && { 'if-match': tag }), ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }) };
}

async function exchange(options: ApiClientOptions, outgoing: Outgoing): Promise<unknown> {
  const response = await send(options, outgoing);
  options.onResponse?.(response);
  if (response.status === 204) return null;
  if (response.ok && outgoing.spec.download) return readFile(response, outgoing.signal);
  const content = await readJson(response, outgoing.signal);
  if (response.ok) {
    const result = outgoing.spec.response.parse(content);
    const tag = response.headers.get('etag');
    if (tag !== null && typeof result === 'object' && result !== null) tags.set(result, tag);
    return result;
  }
  const problem = Problem.safeParse(content);
  throw problem.success ? new ApiError(problem.data) : new ApiUnreachableError(new Error(`HTTP ${response.status}`));
}

async function send(options: ApiClientOptions, { spec, request, signal, keepalive, headers: chosen }: Outgoing): Promise<Response> {
  const token = spec.auth === 'none' ? undefined : options.getAccessToken();
  const headers: Record<string, string> = { ...chosen, accept: 'application/json', [clientHeader]: 'web' };
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  const body = bodyOf(spec, request);
  if (body !== undefined) headers['content-type'] = spec.upload ? 'application/octet-stream' : 'application/json';
  try {
    return await options.fetch(`${options.baseUrl}${pathOf(spec, request)}`, {
      method: spec.method,
      headers,
      credentials: 'same-origin',
      keepalive,
      ...(body === undefined ? {} : { body }),
      ...(signal ? { signal } : {}),
    });
  } catch (cause) {
    throw signal?.aborted ? cause : new ApiUnreachableError(cause);
  }
}

function bodyOf(spec: RouteSpec, { body }: AnyRequest): string | Blob | Uint8Array<ArrayBuffer> | undefined {
  if (spec.upload) return body as Blob | Uint8Array<ArrayBuffer>;
  return body === undefined ? undefined : JSON.stringify(body);
}

function pathOf(spec: RouteSpec, request: AnyRequest): string {
  const path = spec.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(request.params?.[name] ?? ''));
  const query = Object.entries(request.query ?? {}).filter(([, value]) => value !== undefined);
  return query.length === 0 ? path : `${path}?${new URLSearchParams(query.map(([name, value]) => [name, String(value)])).toString()}`;
}

async function readFile(response: Response, signal: AbortSignal | undefined): Promise<Blob> {
  try {
    return await response.blob();
  } catch (cause) {
    throw signal?.aborted ? cause : new ApiUnreachableError(cause);
  }
}

async function readJson(response: Response, signal: AbortSignal | undefined): Promise<unknown> {
  try {
    return await response.json();
  } catch (cause) {
    throw signal?.aborted ? cause : new ApiUnreachableError(cause);
  }
}
