import type { Socket } from 'socket.io';
import { cleanLine, CodedError } from '#engine/contract';
import { requireRole } from '#engine';
import type { AccessPolicy, CourseRoles, LectureRegistry, OpenLogins } from '#engine';
import type { Clock, Logger, OneTimeTickets, TokenSigner } from '#engine/kernel';
import { ackError } from './ackError.ts';
import { Connection } from './Connection.ts';
import { costOf, joinTimeoutMs, maxInvalidRequests, requestAccess, requests } from './contract/index.ts';
import type { ClientToServer, RequestAccess, RequestData, RequestName, ServerToClient } from './contract/index.ts';
import { bytesPerRequestUnit, requestRetryAfterMs } from './limits.ts';
import type { KeptPlaces } from './KeptPlaces.ts';
import type { PersonBudgets } from './PersonBudgets.ts';
import { chatHandlers } from './requests/chat.ts';
import type { Handler, HandlerContext, Handlers } from './requests/handler.ts';
import { mediaHandlers } from './requests/media.ts';
import { peopleHandlers } from './requests/people.ts';
import { roomHandlers } from './requests/room.ts';
import type { Rooms } from './Rooms.ts';

export type RoomSocket = Socket<ClientToServer, ServerToClient>;

export interface SessionOptions {
  registry: LectureRegistry;
  accessPolicy: AccessPolicy;
  courseRoles: CourseRoles;
  logins: OpenLogins;
  tokens: TokenSigner;
  tickets: OneTimeTickets;
  budgets: PersonBudgets;
  rooms: Rooms;
  places: KeptPlaces;
  clock: Clock;
  logger: Logger;
}

const handlers: Handlers<RequestName> = { ...roomHandlers, ...mediaHandlers, ...chatHandlers, ...peopleHandlers };

/** Serves one socket: validates its requests, calls their handlers and acknowledges them. Ends with the socket. */
export function serveSocket(socket: RoomSocket, options: SessionOptions): Connection {
  const { registry, accessPolicy, courseRoles, logins, tokens, tickets, budgets, rooms, places, clock } = options;
  const logger = options.logger.child({ socketId: socket.id });
  const connection = new Connection((name, data) => emitPush(socket, name, data));
  const stranger = budgets.ofStranger(socket.id);
  /** A joined connection spends of its person's budget, which all pages of the person share. */
  const budget = () => {
    const userId = connection.membership?.participant.userId;
    return userId === undefined ? stranger : budgets.of(userId);
  };
  const context: HandlerContext = { connection, registry, accessPolicy, courseRoles, logins, tokens, tickets, rooms, places, logger, budget };
  let invalidRequests = 0;

  const cancelJoinTimeout = clock.after(joinTimeoutMs, () => {
    if (!connection.isJoined) socket.disconnect(true);
  });

  const logged = new Set<string>();
  /** Once for each request and code, so that a client cannot fill the log. */
  const logRefusal = (request: string, code: string) => {
    const refusal = { request: cleanLine(request).slice(0, 40), code };
    const key = `${refusal.request} ${code}`;
    if (logged.has(key) || logged.size >= maxInvalidRequests) return;
    logged.add(key);
    logger.info({ ...refusal, userId: connection.membership?.participant.userId, address: socket.handshake.address }, 'request.refused');
  };

  const countInvalid = () => {
    invalidRequests += 1;
    if (invalidRequests !== maxInvalidRequests) return;
    logger.warn({ address: socket.handshake.address }, 'socket.misbehaved');
    socket.disconnect(true);
  };

  socket.onAny((name: unknown, ...args: unknown[]) => {
    // Socket.IO puts the callback last: it is the first argument of a request without data.
    const ack = args.pop();
    if (typeof ack !== 'function') return countInvalid();
    const acknowledge = ack as (result: unknown) => void;
    handle(context, name, args).then(
      (result) => acknowledge({ ok: true, data: result }),
      (error: unknown) => {
        const described = ackError(error, String(name), logger);
        logRefusal(String(name), described.code);
        if (isInvalid(described.code)) countInvalid();
        acknowledge({ ok: false, error: described });
      },
    );
  });

  socket.on('disconnect', (reason) => {
    cancelJoinTimeout();
    connection.close();
    rooms.leave(connection, 'disconnected');
    if (reason === 'parse error' || reason === 'transport error') logger.info({ reason, address: socket.handshake.address }, 'socket.broken');
    // A client that leaves the namespace has no other use for its connection.
    socket.conn.close();
  });
  return connection;
}

async function handle(context: HandlerContext, name: unknown, args: readonly unknown[]): Promise<unknown> {
  const isKnown = isRequestName(name);
  if (!(await context.budget().takeUnits((isKnown ? costOf(name) : 1) + sizeCost(args)))) {
    throw new CodedError('request.tooFrequent', 'Too many requests at once. Wait a moment and try again.', { details: { retryAfterMs: requestRetryAfterMs } });
  }
  if (!isKnown) throw new CodedError('route.unknown', 'There is no such request.');
  if (args.length > 1) throw new CodedError('request.invalid', `The request ${name} has one argument, its data. Reload the page and try again.`);
  const parsed = requests[name].request.safeParse(args[0] ?? {});
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new CodedError('request.invalid', `The request ${name} is not valid: ${issue?.path.join('.') || 'data'}: ${issue?.message ?? 'unknown'}. Reload the page and try again.`);
  }
  return dispatch(name, context, parsed.data as RequestData<typeof name>);
}

/** Further units for a request that is larger than usual. @throws CodedError `request.invalid` */
function sizeCost(args: readonly unknown[]): number {
  return Math.floor(lengthOf(args) / bytesPerRequestUnit);
}

function lengthOf(args: readonly unknown[]): number {
  try {
    return JSON.stringify(args).length;
  } catch (cause) {
    // JSON.parse reads any depth; JSON.stringify fails from some thousands on.
    throw new CodedError('request.invalid', 'The data of the request is nested too deep. Reload the page and try again.', { cause });
  }
}

function dispatch<N extends RequestName>(name: N, context: HandlerContext, data: RequestData<N>): unknown {
  const access: RequestAccess = requestAccess[name];
  if (typeof access === 'object') requireRole(context.connection.member.participant, access.action);
  else if (access === 'member') context.connection.requireJoined();
  const handler: Handler<N> = handlers[name];
  return handler(context, data);
}

function isRequestName(name: unknown): name is RequestName {
  return typeof name === 'string' && Object.hasOwn(requests, name);
}

function isInvalid(code: string): boolean {
  return code === 'request.invalid' || code === 'route.unknown' || code === 'request.tooFrequent';
}

export function emitPush(to: Pick<RoomSocket, 'emit'>, ...push: Parameters<Connection['push']>): void {
  const [name, data] = push;
  // The table types every pair of name and data; the overloads of socket.io do not accept a union of them.
  (to.emit.bind(to) as (name: string, data: unknown) => boolean)(name, data);
}
