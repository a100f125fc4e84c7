import type { AccessPolicy, CourseRoles, LectureRegistry, OpenLogins } from '#engine';
import type { Logger, OneTimeTickets, TokenSigner } from '#engine/kernel';
import type { Connection } from '../Connection.ts';
import type { AckData, RequestData, RequestName } from '../contract/index.ts';
import type { PersonBudget } from '../PersonBudgets.ts';
import type { KeptPlaces } from '../KeptPlaces.ts';
import type { Rooms } from '../Rooms.ts';

export interface HandlerContext {
  connection: Connection;
  registry: LectureRegistry;
  accessPolicy: AccessPolicy;
  courseRoles: CourseRoles;
  logins: OpenLogins;
  tokens: TokenSigner;
  tickets: OneTimeTickets;
  /** Of the person, or of a connection that has not joined. */
  budget: () => PersonBudget;
  rooms: Rooms;
  places: KeptPlaces;
  logger: Logger;
}

/** Handles one kind of request: returns the data of the acknowledgement, or throws its CodedError. */
export type Handler<N extends RequestName> = (context: HandlerContext, data: RequestData<N>) => AckData<N> | Promise<AckData<N>>;

export type Handlers<N extends RequestName> = { [K in N]: Handler<K> };
