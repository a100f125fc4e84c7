import type { LectureRegistry } from '#engine';
import type { Logger, TokenSigner } from '#engine/kernel';
import type { Connection } from '../Connection.ts';
import type { AckData, RequestData, RequestName } from '../contract/index.ts';
import type { Rooms } from '../Rooms.ts';

export interface HandlerContext {
  connection: Connection;
  registry: LectureRegistry;
  tokens: TokenSigner;
  rooms: Rooms;
  logger: Logger;
}

/** Answers one kind of request; a CodedError it throws is the answer too. */
export type Handler<N extends RequestName> = (context: HandlerContext, data: RequestData<N>) => AckData<N> | Promise<AckData<N>>;

export type Handlers<N extends RequestName> = { [K in N]: Handler<K> };
