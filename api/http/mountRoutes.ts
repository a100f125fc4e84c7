import type { Express, Request, Response } from 'express';
import type * as z from 'zod';
import { isCoded } from '#engine/contract';
import type { Clock } from '#engine/kernel';
import type { Caller, Client, CourseAccess, DeviceCookie, Gatekeeper, Handlers, RefreshCookie, RouteAccess } from '../access/index.ts';
import { permissionTarget, routeAccess } from '../access/index.ts';
import { auditRecordOf } from '../audit/index.ts';
import type { AuditLog } from '../audit/index.ts';
import { routes } from '../contract/index.ts';
import type { AuditChanges, FileContent, RouteName, RouteSpec } from '../contract/index.ts';
import { addressGroup } from './addressGroup.ts';
import { deviceCookie } from './deviceCookie.ts';
import type { KnownDevices } from './KnownDevices.ts';
import { isServerFault } from './problemOf.ts';
import type { RateLimits } from './RateLimits.ts';
import { readBody } from './readBody.ts';
import { readJson } from './readJson.ts';
import { refreshCookie } from './refreshCookie.ts';
import { RequestError } from './RequestError.ts';
import { sendFile } from './sendFile.ts';

export interface MountOptions {
  handlers: Handlers;
  gatekeeper: Gatekeeper;
  limits: RateLimits;
  devices: KnownDevices;
  audit: AuditLog;
  clock: Clock;
  /** The login of a refresh token with a valid signature. */
  loginOf(refreshToken: string | undefined): string | undefined;
  isSecure(request: Request): boolean;
  /** Its process has the role for it. */
  isServed: (route: RouteName) => boolean;
  hostnameOf(request: Request): string;
  originOf(request: Request): string;
}

type Fields = Record<string, unknown>;
interface AnyCall {
  params: unknown;
  query: unknown;
  body: unknown;
  caller: Caller | undefined;
  course: CourseAccess | undefined;
  client: Client;
  cookie: RefreshCookie;
  device: DeviceCookie;
  note: (changes: AuditChanges) => void;
}
/** A method, because method parameters are bivariant: a handler of any route is assignable. */
type AnyHandler = { handle(call: AnyCall): Promise<unknown> }['handle'];

/** Mounts every route of the contract. It identifies the caller, validates the input, checks access, then calls the handler. */
export function mountRoutes(app: Express, options: MountOptions): void {
  for (const name of (Object.keys(routes) as RouteName[]).filter(options.isServed)) {
    const spec: RouteSpec = routes[name];
    const access: RouteAccess | undefined = routeAccess[name];
    if (!access) throw new Error(`the route ${name} has no access rule`);
    const serve = serveRoute(options, { name, spec, access });
    const method = spec.method.toLowerCase() as Lowercase<RouteSpec['method']>;
    app[method]([spec.path, ...(spec.aliases ?? [])], ...(spec.upload ? [] : [readJson]), serve);
  }
}

function serveRoute(options: MountOptions, { name, spec, access }: { name: RouteName; spec: RouteSpec; access: RouteAccess }) {
  const handle = options.handlers[name] as AnyHandler;
  return async (request: Request, response: Response): Promise<void> => {
    const { gatekeeper, limits, devices, clock } = options;
    const caller = await gatekeeper.identify(request.get('authorization'), spec.auth);
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
    const notes: AuditChanges = {};
    const call: AnyCall = {
      ...input,
      ...(spec.upload && { body: await readBody(request, spec.upload.maxBytes) }),
      caller,
      course,
      client: { address, userAgent: (request.get('user-agent') ?? '').slice(0, 300), hostname: options.hostnameOf(request), origin: options.originOf(request) },
      cookie,
      device,
      note: (changes) => void Object.assign(notes, changes),
    };
    const answer = await handle(call).catch(async (error: unknown) => {
      // A right password is no wrong try, though a second factor has to follow.
      if (isServerFault(error) || isCoded(error, 'secondFactor.required')) await forgive();
      throw error;
    });
    await forgive();
    const record = auditRecordOf(name, { ...call, answer, notes, requestId: String(response.getHeader('X-Request-Id') ?? ''), addressGroup: addressGroup(address) });
    if (record) await options.audit.record(record);
    await send(response, spec, answer);
  };
}

async function send(response: Response, spec: RouteSpec, answer: unknown): Promise<void> {
  if (spec.download) return sendFile(response, answer as FileContent);
  if (!response.hasHeader('Cache-Control')) response.setHeader('Cache-Control', 'no-store');
  response.status(spec.status ?? 200);
  if (spec.status === 204) response.end();
  else response.json(spec.response.parse(answer));
}

function checkInput(spec: RouteSpec, request: Request): { params: unknown; query: unknown; body: unknown } {
  const body: unknown = request.body;
  const hasUnreadBody = !spec.upload && spec.body !== undefined && body === undefined && request.get('content-type') !== undefined;
  if (hasUnreadBody) throw new RequestError([{ path: '', message: 'Send JSON, with Content-Type: application/json.' }]);
  return { params: check(spec.params, request.params), query: check(spec.query, request.query), body: spec.upload ? undefined : check(spec.body, body) };
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
