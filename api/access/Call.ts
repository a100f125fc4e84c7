import type { IncomingMessage, ServerResponse } from 'node:http';
import type * as z from 'zod';
import type { AuditChanges, RouteInput, RouteName, Routes } from '../contract/index.ts';
import type { Caller, CourseAccess } from './Caller.ts';
import type { routeAccess } from './routeAccess.ts';

/** The client that sent the request. */
export interface Client {
  address: string;
  userAgent: string;
  /** The host name in the request. */
  hostname: string;
  /** The origin of the pages: `https://lectern.example.org`. */
  origin: string;
}

/** The refresh token cookie of this request and its response. */
export interface RefreshCookie {
  readonly value: string | undefined;
  keep(token: string, expiresAtMs: number): void;
  drop(): void;
  /** @throws CodedError `access.denied` unless a script of this site made the request */
  requireOwnSite(): void;
  /** The browser names this site as the origin of the request. False for programs that send no origin. */
  readonly isFromOwnPage: boolean;
}

/** The cookie that identifies a browser in which someone has logged in, of this request and its response. */
export interface DeviceCookie {
  /** The device id, if this account has logged in on the device. */
  deviceOf(email: string | undefined): string | undefined;
  remember(email: string): void;
}

/** The request and the response themselves, for a route with `exchange`. */
export interface HttpExchange {
  request: IncomingMessage;
  response: ServerResponse;
}

/** A request as its handler receives it: validated and authorised. */
export type Call<N extends RouteName> = RouteInput<Routes[N]> & {
  caller: Routes[N]['auth'] extends 'none' ? undefined : Caller;
  course: (typeof routeAccess)[N] extends { course: string } ? CourseAccess : undefined;
  client: Client;
  cookie: RefreshCookie;
  device: DeviceCookie;
  exchange: Routes[N] extends { readonly exchange: object } ? HttpExchange : undefined;
  /** Adds to the audit entry of this call what its input and response do not say, like values before a change. */
  note: (changes: AuditChanges) => void;
};

/** The result of a handler. The response schema drops fields that are not in the contract. */
export type HandlerResult<N extends RouteName> = z.input<Routes[N]['response']>;

export type Handlers<N extends RouteName = RouteName> = { [K in N]: (call: Call<K>) => Promise<HandlerResult<K>> };
