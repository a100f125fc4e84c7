import * as z from 'zod';
import { ViewerAddress } from './ViewerSignaling.ts';

const Group = z.string();
const Relay = z.object({ ssrc: z.number(), videoPort: z.number(), audioPort: z.number() });

/** The requests to the process of a `ViewerPool`. */
export const PoolRequest = z.discriminatedUnion('type', [
  /** `atOnce` viewers join at a time. */
  z.object({ type: z.literal('join'), group: Group, viewers: z.array(ViewerAddress), atOnce: z.number(), relay: Relay.optional() }),
  z.object({ type: z.literal('setPaused'), group: Group, isPaused: z.boolean() }),
  z.object({ type: z.literal('mark'), group: Group }),
  z.object({ type: z.literal('count'), group: Group }),
  /** The newest viewers leave first. */
  z.object({ type: z.literal('leave'), group: Group, count: z.number() }),
]);
export type PoolRequest = z.infer<typeof PoolRequest>;

export const PoolCount = z.object({ viewers: z.number(), packets: z.number(), bytes: z.number(), lost: z.number(), late: z.number(), worstDelayMs: z.number(), decrypted: z.number(), reopenedTransports: z.number() });
export type PoolCount = z.infer<typeof PoolCount>;

export const PoolResponse = z.object({
  /** For each viewer that joined, milliseconds from its first request until its tracks are resumed. */
  connectedMs: z.array(z.number()).optional(),
  /** Why others did not join. */
  problems: z.array(z.string()).optional(),
  count: PoolCount.optional(),
});
export type PoolResponse = z.infer<typeof PoolResponse>;

export const Asked = z.object({ id: z.number(), request: PoolRequest });
export const Answered = z.union([z.object({ id: z.number(), answer: PoolResponse }), z.object({ id: z.number(), problem: z.string() })]);
