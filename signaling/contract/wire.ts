import * as z from 'zod';
import { errorCodes } from '#engine/contract';
import type { AckData, RequestInput, RequestName } from './requests.ts';
import type { PushData, PushName } from './pushes.ts';

/** The Socket.IO namespace of the live rooms. */
export const signalingNamespace = '/live';

export const AckError = z.object({
  code: z.enum(errorCodes),
  message: z.string().describe('A sentence for people.'),
  retryAfterMs: z.number().optional().describe('When to try again, with `request.tooFrequent` and `chat.slow`.'),
  incidentId: z.string().optional().describe('The number of an `internal` error in the log of the server.'),
});
export type AckError = z.infer<typeof AckError>;

export type Ack<N extends RequestName> = { ok: true; data: AckData<N> } | { ok: false; error: AckError };

/** Typed events for socket.io-client: the requests, each with an acknowledgement. */
export type ClientToServer = { [N in RequestName]: (request: RequestInput<N>, ack: (result: Ack<N>) => void) => void };
/** The pushes. */
export type ServerToClient = { [N in PushName]: (data: PushData<N>) => void };
