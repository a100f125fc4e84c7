import * as z from 'zod';
import { errorCodes } from '#engine/contract';
import type { AckData, RequestInput, RequestName } from './requests.ts';
import type { PushData, PushName } from './pushes.ts';

/** The Socket.IO namespace of the live room. */
export const signalingNamespace = '/live';

export const AckError = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  /** Milliseconds after which trying again makes sense, for `request.tooFrequent` and `chat.slow`. */
  retryAfterMs: z.number().optional(),
  /** Of an `internal` error, to quote to whoever runs this server. */
  incidentId: z.string().optional(),
});
export type AckError = z.infer<typeof AckError>;

export type Ack<N extends RequestName> = { ok: true; data: AckData<N> } | { ok: false; error: AckError };

/** Typed events for socket.io-client: what the browser sends, each with an acknowledgement. */
export type ClientToServer = { [N in RequestName]: (request: RequestInput<N>, ack: (answer: Ack<N>) => void) => void };
export type ServerToClient = { [N in PushName]: (data: PushData<N>) => void };
