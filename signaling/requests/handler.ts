import type { AccessPolicy, CourseRoles, LectureRegistry } from '#engine';
import type { Logger, TokenSigner } from '#engine/kernel';
import type { Connection } from '../Connection.ts';
import type { AckData, RequestData, RequestName } from '../contract/index.ts';
import type { RequestBudget } from '../RequestBudget.ts';
import type { Rooms } from '../Rooms.ts';
import type { UsedTickets } from '../UsedTickets.ts';

export interface HandlerContext {
  connection: Connection;
  registry: LectureRegistry;
  accessPolicy: AccessPolicy;
  courseRoles: CourseRoles;
  tokens: TokenSigner;
  usedTickets: UsedTickets;
  /** Everyone in the room hears of a raised hand, so one person raises it now and then only. */
  handBudget: RequestBudget;
  rooms: Rooms;
  logger: Logger;
}

/** Answers one kind of request; a CodedError it throws is the answer too. */
export type Handler<N extends RequestName> = (context: HandlerContext, data: RequestData<N>) => AckData<N> | Promise<AckData<N>>;

export type Handlers<N extends RequestName> = { [K in N]: Handler<K> };
