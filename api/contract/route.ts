import * as z from 'zod';

/** Who may call a route. In one course, permissions also depend on the `CourseRole` (`api/access/routeAccess.ts`). */
export const RouteAuth = z.enum(['none', 'user', 'instructor', 'admin']);
export type RouteAuth = z.infer<typeof RouteAuth>;

export interface RouteSpec {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** The whole path; `:name` is a parameter, described in `params`. */
  readonly path: `/${string}`;
  /** Other paths of the same route. */
  readonly aliases?: readonly `/${string}`[];
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** The body is a file instead of JSON; `body` is then `UploadBody`. It is read after access to the route was allowed. */
  readonly upload?: { readonly mediaTypes: readonly string[]; readonly maxBytes: number; /** `body` is `StreamedBody`. */ readonly isStreamed?: true };
  /** Bytes of the JSON of `body`, after decompression. Default: enough for a form. */
  readonly maxJsonBytes?: number;
  /**
   * The handler reads the body by itself, however long it is and takes. `tus`: it writes the response as well, and `body` is what the
   * header `Upload-Metadata` says. The client has no method for such a route.
   */
  readonly exchange?: { readonly protocol: 'multipart' | 'tus'; readonly headers?: z.ZodObject; readonly responseHeaders?: z.ZodObject };
  readonly response: z.ZodType;
  /** The response is a file instead of JSON; `response` is then `Download`. */
  readonly download?: { readonly mediaTypes: readonly string[] };
  /** 200 by default; 204 requires `nothing`. 302: the response is `{ location }`, where the client is sent. */
  readonly status?: 200 | 201 | 204 | 302;
  readonly auth: RouteAuth;
  readonly summary: string;
}

/** The response of a route with status 204. */
export const nothing = z.null();

/** A file that a handler returns. */
export interface FileContent {
  contentType: string;
  body: Uint8Array<ArrayBuffer> | AsyncIterable<Uint8Array>;
  /** More headers of the response: `Cache-Control`, `ETag`, `Content-Disposition`, `Content-Length`. */
  headers: Readonly<Record<string, string>>;
}

/** The body of a route with `upload`: a file for its caller, bytes for its handler. */
export const UploadBody = z.custom<Blob | Uint8Array<ArrayBuffer>>().transform((file) => file as Uint8Array<ArrayBuffer>);

/** The body of a route with `upload.isStreamed`: a file for its caller, its pieces for its handler, which reads them once. */
export const StreamedBody = z.custom<Blob | AsyncIterable<Uint8Array>>().transform((file) => file as AsyncIterable<Uint8Array>);

/** The response of a route with `download`: what its handler returns, and a `Blob` for its caller. */
export const Download = z.custom<FileContent>().transform((file): Blob => file as unknown as Blob);

/** Declares an endpoint, for the server, the client and the OpenAPI document. */
export function route<const R extends RouteSpec>(spec: R): R {
  return spec;
}

type Part<R, K extends 'params' | 'query' | 'body'> = R extends { readonly [P in K]: infer S extends z.ZodType }
  ? object extends z.input<S>
    ? { [P in K]?: z.input<S> }
    : { [P in K]: z.input<S> }
  : unknown;

/** The request as a caller writes it. */
export type RouteRequest<R extends RouteSpec> = Part<R, 'params'> & Part<R, 'query'> & Part<R, 'body'>;
/** The response as a caller receives it. */
export type RouteResponse<R extends RouteSpec> = z.output<R['response']>;

/** The request as a handler receives it: validated, with defaults. */
export interface RouteInput<R extends RouteSpec> {
  params: R extends { readonly params: infer S extends z.ZodType } ? z.output<S> : Record<string, never>;
  query: R extends { readonly query: infer S extends z.ZodType } ? z.output<S> : Record<string, never>;
  body: R extends { readonly body: infer S extends z.ZodType } ? z.output<S> : undefined;
}
