import type * as z from 'zod';
import type { RouteInput, RouteName, Routes } from '../contract/index.ts';
import type { Caller, CourseAccess } from './Caller.ts';
import type { routeAccess } from './routeAccess.ts';

/** Who is at the other end of the connection. */
export interface Client {
  address: string;
  userAgent: string;
  /** The host name by which the server was reached. */
  hostname: string;
}

/** The refresh token's cookie, of this request and of its answer. */
export interface RefreshCookie {
  readonly value: string | undefined;
  keep(token: string, expiresAtMs: number): void;
  drop(): void;
  /** @throws CodedError `access.denied` when the request was not made by a script of this site */
  requireOwnSite(): void;
  /** A browser says that a page of this very site asks; other programs say nothing. */
  readonly isFromOwnPage: boolean;
}

/** The mark of a browser in which someone has logged in, of this request and of its answer. */
export interface DeviceCookie {
  /** The device, when that account has been logged in on it. */
  deviceOf(email: string | undefined): string | undefined;
  remember(email: string): void;
}

/** One request as a handler sees it: its input is valid and its caller may do it. */
export type Call<N extends RouteName> = RouteInput<Routes[N]> & {
  caller: Routes[N]['auth'] extends 'none' ? undefined : Caller;
  course: (typeof routeAccess)[N] extends { course: string } ? CourseAccess : undefined;
  client: Client;
  cookie: RefreshCookie;
  device: DeviceCookie;
};

/** What a handler answers; the response schema drops every field that the contract does not name. */
export type HandlerResult<N extends RouteName> = z.input<Routes[N]['response']>;

export type Handlers<N extends RouteName = RouteName> = { [K in N]: (call: Call<K>) => Promise<HandlerResult<K>> };
