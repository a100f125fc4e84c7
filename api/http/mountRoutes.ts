import type { Express, Request, Response } from 'express';
import type * as z from 'zod';
import { isCoded } from '#engine/contract';
import type { Clock } from '#engine/kernel';
import type { Caller, Client, CourseAccess, DeviceCookie, Gatekeeper, Handlers, HttpExchange, RefreshCookie, RouteAccess } from '../access/index.ts';
import { permissionTarget, routeAccess } from '../access/index.ts';
import { auditRecordsOf } from '../audit/index.ts';
import type { AuditLog } from '../audit/index.ts';
import { routes } from '../contract/index.ts';
import type { AuditChanges, FileContent, RouteName, RouteSpec } from '../contract/index.ts';
import { addressGroup } from './addressGroup.ts';
import type { Editing } from '../editing/Editing.ts';
import type { IdempotentRequests, KeptAnswer } from '../repeating/IdempotentRequests.ts';
import { leaveBody } from './leaveBody.ts';
import { keyedRequest, runOnce } from '../repeating/runOnce.ts';
import { deviceCookie } from './deviceCookie.ts';
import type { KnownDevices } from './KnownDevices.ts';
import { isServerFault } from './problemOf.ts';
import type { RateLimits } from './RateLimits.ts';
import { readBody } from './readBody.ts';
import { readJson } from './readJson.ts';
import type { RequestBudget } from './RequestBudget.ts';
import { refreshCookie } from './refreshCookie.ts';
import { refuseMethods } from './refuseMethods.ts';
import { RequestError } from './RequestError.ts';
import { sendFile } from './sendFile.ts';
import { streamBody } from './streamBody.ts';
import { uploadMetadata } from './uploadMetadata.ts';

export interface MountOptions {
  handlers: Handlers;
  gatekeeper: Gatekeeper;
  limits: RateLimits;
  budget: RequestBudget;
  editing: Editing;
  repeating: IdempotentRequests;
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
  exchange: HttpExchange | undefined;
  note: (changes: AuditChanges) => void;
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
    app[method]([spec.path, ...(spec.aliases ?? [])], ...(spec.upload || spec.exchange ? [] : [readJson(spec.maxJsonBytes)]), serve);
  }
}

function serveRoute(options: MountOptions, { name, spec, access }: { name: RouteName; spec: RouteSpec; access: RouteAccess }) {
  return async (request: Request, response: Response): Promise<void> => {
    const { gatekeeper, limits, devices, clock } = options;
    const caller = await gatekeeper.identify(request.get('authorization'), spec);
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
    const target = permissionTarget(input.params, input.body ?? (spec.exchange && input.query));
    const course = access === 'account' || !caller ? undefined : await gatekeeper.permit(caller, access.course, target);
    const notes: AuditChanges = {};
    const call: AnyCall = {
      ...input,
      ...(spec.upload && { body: await fileIn(request, spec.upload) }),
      caller,
      course,
      client: { address, userAgent: (request.get('user-agent') ?? '').slice(0, 300), hostname: options.hostnameOf(request), origin: options.originOf(request) },
      cookie,
      device,
      exchange: spec.exchange && { request, response },
      note: (changes) => void Object.assign(notes, changes),
    };
    const respond = await responseOf(options, { name, spec, request, response, call, notes }).catch(async (error: unknown) => {
      // A right password is no wrong try, though a second factor has to follow.
      if (isServerFault(error) || isCoded(error, 'secondFactor.required')) await forgive();
      throw error;
    });
    await forgive();
    await respond();
  };
}

interface Exchange {
  name: RouteName;
  spec: RouteSpec;
  request: Request;
  response: Response;
  call: AnyCall;
  /** What the handler notes for the audit log. */
  notes: AuditChanges;
}

/** Runs the handler, and returns what sends its answer. */
async function responseOf(options: MountOptions, exchange: Exchange): Promise<() => Promise<void>> {
  const { name, spec, response, call } = exchange;
  if (spec.download) {
    const file = (await (options.handlers[name] as AnyHandler)(call)) as FileContent;
    await record(options, exchange, file);
    return () => sendFile(response, file);
  }
  if (spec.exchange) {
    const answer = await (options.handlers[name] as AnyHandler)(call).finally(() => leaveBody(exchange.request));
    await record(options, exchange, answer);
    if (spec.exchange.protocol === 'tus') return async () => undefined;
    return async () => send(response, { status: spec.status ?? 200, body: JSON.stringify(spec.response.parse(answer)) });
  }
  const answer = await answerOf(options, exchange);
  return async () => send(response, answer);
}

/** What the handler answers: once for each idempotency key, and for a change only if the version is still the one that the caller knows. */
async function answerOf(options: MountOptions, exchange: Exchange): Promise<KeptAnswer> {
  const { handlers, editing, repeating } = options;
  const { name, spec, request, response, call } = exchange;
  const handle = async (route: RouteName) => (routes[route] as RouteSpec).response.parse(await (handlers[route] as AnyHandler)(call));
  const run = async (): Promise<KeptAnswer> => {
    const answer = await editing.run({ name, request, response, read: handle, change: () => handle(name) });
    await record(options, exchange, answer);
    editing.tag(name, answer, response);
    return { status: spec.status ?? 200, body: spec.status === 204 ? '' : JSON.stringify(answer) };
  };
  const keyed = keyedRequest(request, { name, spec, caller: call.caller });
  if (!keyed) return run();
  const { isReplayed, ...answer } = await runOnce(repeating, keyed, run);
  if (isReplayed) response.setHeader('Idempotent-Replayed', 'true');
  return answer;
}

/** Adds what the route has done to the audit log, if it acts on others. A repeated request is not recorded again. */
async function record({ audit }: MountOptions, { name, response, call, notes }: Exchange, answer: unknown): Promise<void> {
  const requestId = String(response.getHeader('X-Request-Id') ?? '');
  const entries = auditRecordsOf(name, { ...call, answer, notes, requestId, addressGroup: addressGroup(call.client.address) });
  for (const entry of entries) await audit.record(entry);
}

function send(response: Response, { status, body }: KeptAnswer): void {
  if (!response.hasHeader('Cache-Control')) response.setHeader('Cache-Control', 'no-store');
  response.status(status);
  if (status === 302) return response.redirect((JSON.parse(body) as { location: string }).location);
  if (status === 204) response.end();
  else response.type('json').send(body);
}

function checkInput(spec: RouteSpec, request: Request): { params: unknown; query: unknown; body: unknown } {
  const body: unknown = spec.exchange ? spec.body && uploadMetadata(request.get('upload-metadata')) : request.body;
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

/** The file that a request sends: in memory, or piece by piece. */
async function fileIn(request: Request, { maxBytes, isStreamed }: NonNullable<RouteSpec['upload']>): Promise<unknown> {
  return isStreamed ? streamBody(request, maxBytes) : readBody(request, maxBytes);
}

function asFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function textField(value: unknown, field: string): string | undefined {
  const given = asFields(value)[field];
  return typeof given === 'string' ? given : undefined;
}
