import * as z from 'zod';
import { maxConnectionsPerNode } from './contract/index.ts';

export const signalingConfig = z.object({
  LECTERN_MAX_CONNECTIONS: z.coerce.number().int().min(10).max(maxConnectionsPerNode).default(10_000).describe('Connections in live rooms that this node accepts.'),
});
export type SignalingConfig = z.infer<typeof signalingConfig>;
