import * as z from 'zod';

/**
 * Who may call a route at all. What someone may do in one course is decided on top of this by their `CourseRole`
 * (`api/access/routeAccess.ts`).
 */
export const RouteAuth = z.enum(['none', 'user', 'instructor', 'admin']);
export type RouteAuth = z.infer<typeof RouteAuth>;

export interface RouteSpec {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Whole path; `:name` is a parameter and stands in `params`. */
  readonly path: `/${string}`;
  /** Other paths that do the same. */
  readonly aliases?: readonly `/${string}`[];
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly response: z.ZodType;
  /** 200 unless said otherwise; 204 goes with `nothing`. */
  readonly status?: 200 | 201 | 204;
  readonly auth: RouteAuth;
  readonly summary: string;
}

/** The response of a route that answers 204. */
export const nothing = z.null();

/** One endpoint: read by the server, the client and the OpenAPI document. */
export function route<const R extends RouteSpec>(spec: R): R {
  return spec;
}

type Part<R, K extends 'params' | 'query' | 'body'> = R extends { readonly [P in K]: infer S extends z.ZodType }
  ? object extends z.input<S>
    ? { [P in K]?: z.input<S> }
    : { [P in K]: z.input<S> }
  : unknown;

/** What a caller gives. */
export type RouteRequest<R extends RouteSpec> = Part<R, 'params'> & Part<R, 'query'> & Part<R, 'body'>;
/** What a caller gets. */
export type RouteResponse<R extends RouteSpec> = z.output<R['response']>;

/** The request as a handler sees it, checked and with defaults filled in. */
export interface RouteInput<R extends RouteSpec> {
  params: R extends { readonly params: infer S extends z.ZodType } ? z.output<S> : Record<string, never>;
  query: R extends { readonly query: infer S extends z.ZodType } ? z.output<S> : Record<string, never>;
  body: R extends { readonly body: infer S extends z.ZodType } ? z.output<S> : undefined;
}
