import * as z from 'zod';

export const signalingConfig = z.object({
  LECTERN_MAX_CONNECTIONS: z.coerce.number().int().min(10).max(100_000).default(10_000).describe('How many connections may be in the live rooms of this node at once.'),
});
export type SignalingConfig = z.infer<typeof signalingConfig>;
