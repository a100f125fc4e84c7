import type { Express, Request, Response } from 'express';
import type * as z from 'zod';
import type { Clock } from '#engine/kernel';
import type { DeviceCookie, Gatekeeper, Handlers, RefreshCookie, RouteAccess } from '../access/index.ts';
import { permissionTarget, routeAccess } from '../access/index.ts';
import { routes } from '../contract/index.ts';
import type { RouteName, RouteSpec } from '../contract/index.ts';
import { deviceCookie } from './deviceCookie.ts';
import type { KnownDevices } from './KnownDevices.ts';
import { isServerFault } from './problemOf.ts';
import type { RateLimits } from './RateLimits.ts';
import { readJson } from './readJson.ts';
import type { RequestBudget } from './RequestBudget.ts';
import { refreshCookie } from './refreshCookie.ts';
import { refuseMethods } from './refuseMethods.ts';
import { RequestError } from './RequestError.ts';

export interface MountOptions {
  handlers: Handlers;
  gatekeeper: Gatekeeper;
  limits: RateLimits;
  budget: RequestBudget;
  devices: KnownDevices;
  clock: Clock;
  /** The login of a refresh token with a valid signature. */
  loginOf(refreshToken: string | undefined): string | undefined;
  isSecure(request: Request): boolean;
  /** Its process has the role for it. */
  isServed: (route: RouteName) => boolean;
  hostnameOf(request: Request): string;
}

type Fields = Record<string, unknown>;
interface AnyCall {
  params: unknown;
  query: unknown;
  body: unknown;
  caller: unknown;
  course: unknown;
  client: { address: string; userAgent: string; hostname: string };
  cookie: RefreshCookie;
  device: DeviceCookie;
}
/** A method, because method parameters are bivariant: a handler of any route is assignable. */
type AnyHandler = { handle(call: AnyCall): Promise<unknown> }['handle'];

/** Mounts every route of the contract. It identifies the caller, validates the input, checks access, then calls the handler. */
export function mountRoutes(app: Express, options: MountOptions): void {
  const served = (Object.keys(routes) as RouteName[]).filter(options.isServed);
  app.use(refuseMethods(served.map((name) => routes[name])));
  for (const name of served) {
    const spec: RouteSpec = routes[name];
    const access: RouteAccess | undefined = routeAccess[name];
    if (!access) throw new Error(`the route ${name} has no access rule`);
    const serve = serveRoute(options, { name, spec, access });
    const method = spec.method.toLowerCase() as Lowercase<RouteSpec['method']>;
    app[method]([spec.path, ...(spec.aliases ?? [])], readJson, serve);
  }
}

function serveRoute(options: MountOptions, { name, spec, access }: { name: RouteName; spec: RouteSpec; access: RouteAccess }) {
  const handle = options.handlers[name] as AnyHandler;
  return async (request: Request, response: Response): Promise<void> => {
    const { gatekeeper, limits, devices, clock } = options;
    const caller = await gatekeeper.identify(request.get('authorization'), spec.auth);
    if (caller) options.budget.spend('account', caller.userId, response);
    limits.announce(name, response);
    const input = checkInput(spec, request);
    const address = request.ip ?? '';
    const isSecure = options.isSecure(request);
    const device = deviceCookie(request, response, { devices, isSecure });
    const email = textField(input.body, 'email');
    const cookie = refreshCookie(request, response, { clock, isSecure });
    const forgive = await limits.take(name, { address, userId: caller?.userId, email, device: device.deviceOf(email), loginId: options.loginOf(cookie.value) });
    // The client has left while its request waited.
    if (response.closed) return;
    const target = permissionTarget(input.params, input.body);
    const course = access === 'account' || !caller ? undefined : await gatekeeper.permit(caller, access.course, target);
    const call: AnyCall = {
      ...input,
      caller,
      course,
      client: { address, userAgent: (request.get('user-agent') ?? '').slice(0, 300), hostname: options.hostnameOf(request) },
      cookie,
      device,
    };
    const answer = await handle(call).catch(async (error: unknown) => {
      if (isServerFault(error)) await forgive();
      throw error;
    });
    await forgive();
    send(response, spec, answer);
  };
}

function send(response: Response, spec: RouteSpec, answer: unknown): void {
  if (!response.hasHeader('Cache-Control')) response.setHeader('Cache-Control', 'no-store');
  response.status(spec.status ?? 200);
  if (spec.status === 204) response.end();
  else response.json(spec.response.parse(answer));
}

function checkInput(spec: RouteSpec, request: Request): { params: unknown; query: unknown; body: unknown } {
  const body: unknown = request.body;
  const hasUnreadBody = spec.body !== undefined && body === undefined && request.get('content-type') !== undefined;
  if (hasUnreadBody) throw new RequestError([{ path: '', message: 'Send JSON, with Content-Type: application/json.' }]);
  return { params: check(spec.params, request.params), query: check(spec.query, request.query), body: check(spec.body, body) };
}

function check(schema: z.ZodType | undefined, given: unknown): unknown {
  if (!schema) return undefined;
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw RequestError.of(result.error);
}

function asFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function textField(value: unknown, field: string): string | undefined {
  const given = asFields(value)[field];
  return typeof given === 'string' ? given : undefined;
}
