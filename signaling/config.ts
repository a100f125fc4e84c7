import * as z from 'zod';
import { maxConnectionsPerNode } from './contract/index.ts';

export const signalingConfig = z.object({
  LECTERN_SIGNALING_PATH: z
    .string()
    .regex(/^(\/[\w.-]+)+$/, 'must be a path like /nodes/live-1/socket.io')
    .default('/socket.io')
    .describe('Path of the WebSockets of this node. With several live nodes behind one address, each has its own, such as /nodes/live-1/socket.io, which the proxy leads to it.'),
  LECTERN_MAX_CONNECTIONS: z.coerce.number().int().min(10).max(maxConnectionsPerNode).default(10_000).describe('How many connections may be in the live rooms of this node at once.'),
});
export type SignalingConfig = z.infer<typeof signalingConfig>;
