import * as z from 'zod';
import { SeatAddress } from './seats.ts';

const Group = z.string();
const Relay = z.object({ ssrc: z.number(), videoPort: z.number(), audioPort: z.number() });

/** What is asked of the crowd's process. */
export const CrowdRequest = z.discriminatedUnion('type', [
  /** They come in `atOnce` at a time. */
  z.object({ type: z.literal('join'), group: Group, seats: z.array(SeatAddress), atOnce: z.number(), relay: Relay.optional() }),
  z.object({ type: z.literal('setPaused'), group: Group, isPaused: z.boolean() }),
  z.object({ type: z.literal('mark'), group: Group }),
  z.object({ type: z.literal('count'), group: Group }),
  /** The newest leave first. */
  z.object({ type: z.literal('leave'), group: Group, count: z.number() }),
]);
export type CrowdRequest = z.infer<typeof CrowdRequest>;

export const CrowdCount = z.object({ viewers: z.number(), packets: z.number(), bytes: z.number(), lost: z.number(), late: z.number(), worstDelayMs: z.number(), decrypted: z.number(), repeatedPaths: z.number() });
export type CrowdCount = z.infer<typeof CrowdCount>;

export const CrowdAnswer = z.object({
  /** Milliseconds from asking to be let in until the tracks are told to flow, one for each who joined. */
  connectedMs: z.array(z.number()).optional(),
  /** Why others did not come in. */
  problems: z.array(z.string()).optional(),
  count: CrowdCount.optional(),
});
export type CrowdAnswer = z.infer<typeof CrowdAnswer>;

export const Asked = z.object({ id: z.number(), request: CrowdRequest });
export const Answered = z.union([z.object({ id: z.number(), answer: CrowdAnswer }), z.object({ id: z.number(), problem: z.string() })]);
