import type { Socket } from 'socket.io';
import { CodedError } from '#engine/contract';
import type { AccessPolicy, CourseRoles, LectureRegistry } from '#engine';
import type { Clock, Logger, TokenSigner } from '#engine/kernel';
import { ackError } from './ackError.ts';
import { Connection } from './Connection.ts';
import { handRaiseBurst, handRaiseIntervalMs, joinTimeoutMs, maxInvalidRequests, requestBurst, requests, requestsPerSecond } from './contract/index.ts';
import type { ClientToServer, RequestData, RequestName, ServerToClient } from './contract/index.ts';
import { requestRetryAfterMs } from './limits.ts';
import { RequestBudget } from './RequestBudget.ts';
import { chatHandlers } from './requests/chat.ts';
import type { Handler, HandlerContext, Handlers } from './requests/handler.ts';
import { mediaHandlers } from './requests/media.ts';
import { peopleHandlers } from './requests/people.ts';
import { roomHandlers } from './requests/room.ts';
import type { Rooms } from './Rooms.ts';
import type { UsedTickets } from './UsedTickets.ts';

export type RoomSocket = Socket<ClientToServer, ServerToClient>;

export interface SessionOptions {
  registry: LectureRegistry;
  accessPolicy: AccessPolicy;
  courseRoles: CourseRoles;
  tokens: TokenSigner;
  usedTickets: UsedTickets;
  rooms: Rooms;
  clock: Clock;
  logger: Logger;
}

const handlers: Handlers<RequestName> = { ...roomHandlers, ...mediaHandlers, ...chatHandlers, ...peopleHandlers };

const requestLimit = { perSecond: requestsPerSecond, burst: requestBurst };
const handRaiseLimit = { perSecond: 1000 / handRaiseIntervalMs, burst: handRaiseBurst };

/** Serves one socket: reads, checks, dispatches and answers its requests. Ends with the socket. */
export function serveSocket(socket: RoomSocket, options: SessionOptions): Connection {
  const { registry, accessPolicy, courseRoles, tokens, usedTickets, rooms, clock } = options;
  const logger = options.logger.child({ socketId: socket.id });
  const connection = new Connection((name, data) => emitPush(socket, name, data));
  const context: HandlerContext = { connection, registry, accessPolicy, courseRoles, tokens, usedTickets, handBudget: new RequestBudget(clock, handRaiseLimit), rooms, logger };
  const requestBudget = new RequestBudget(clock, requestLimit);
  let strikes = 0;

  const cancelJoinLimit = clock.after(joinTimeoutMs, () => {
    if (!connection.isJoined) socket.disconnect(true);
  });

  const noted = new Set<string>();
  const noteRefusal = (request: string, code: string) => {
    const refusal = { request: request.slice(0, 40), code };
    const key = `${refusal.request} ${code}`;
    if (noted.has(key) || noted.size >= maxInvalidRequests) return;
    noted.add(key);
    logger.info({ ...refusal, userId: connection.membership?.participant.userId, address: socket.handshake.address }, 'request.refused');
  };

  const strike = () => {
    strikes += 1;
    if (strikes !== maxInvalidRequests) return;
    logger.warn({ address: socket.handshake.address }, 'socket.misbehaved');
    socket.disconnect(true);
  };

  socket.onAny((name: unknown, data: unknown, ack: unknown) => {
    if (typeof ack !== 'function') return strike();
    const answer = ack as (reply: unknown) => void;
    answerRequest(context, name, data, requestBudget).then(
      (reply) => answer({ ok: true, data: reply }),
      (error: unknown) => {
        const described = ackError(error, String(name), logger);
        noteRefusal(String(name), described.code);
        if (isMisuse(described.code)) strike();
        answer({ ok: false, error: described });
      },
    );
  });

  socket.on('disconnect', (reason) => {
    cancelJoinLimit();
    connection.close();
    rooms.leave(connection, 'disconnected');
    if (reason === 'parse error' || reason === 'transport error') logger.info({ reason, address: socket.handshake.address }, 'socket.broken');
    // Who leaves the namespace has nothing left to do here.
    socket.conn.close();
  });
  return connection;
}

async function answerRequest(...[context, name, data, requestBudget]: [HandlerContext, unknown, unknown, RequestBudget]): Promise<unknown> {
  if (!requestBudget.take()) throw new CodedError('request.tooFrequent', 'Too many requests at once. Wait a moment and try again.', { details: { retryAfterMs: requestRetryAfterMs } });
  if (!isRequestName(name)) throw new CodedError('route.unknown', 'There is no such request.');
  const parsed = requests[name].request.safeParse(data ?? {});
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new CodedError('request.invalid', `The request ${name} is not valid: ${issue?.path.join('.') || 'data'}: ${issue?.message ?? 'unknown'}. Reload the page and try again.`);
  }
  return dispatch(name, context, parsed.data as RequestData<typeof name>);
}

function dispatch<N extends RequestName>(name: N, context: HandlerContext, data: RequestData<N>): unknown {
  const handler: Handler<N> = handlers[name];
  return handler(context, data);
}

function isRequestName(name: unknown): name is RequestName {
  return typeof name === 'string' && Object.hasOwn(requests, name);
}

function isMisuse(code: string): boolean {
  return code === 'request.invalid' || code === 'route.unknown' || code === 'request.tooFrequent';
}

export function emitPush(to: Pick<RoomSocket, 'emit'>, ...push: Parameters<Connection['push']>): void {
  const [name, data] = push;
  // The table types every pair of name and data; socket.io's overloads cannot follow a union of them.
  (to.emit.bind(to) as (name: string, data: unknown) => boolean)(name, data);
}
