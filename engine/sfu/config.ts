import { availableParallelism } from 'node:os';
import * as z from 'zod';

const maxWorkers = 16;
const emptyIsUnset = z.string().trim().min(1);

/** The settings of the media plane; the keys are the names in the environment. */
export const sfuConfig = z.object({
  LECTERN_RTC_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535 - maxWorkers)
    .default(40_000)
    .describe('First port for WebRTC, UDP and TCP; each worker uses one port, counting up. 0 lets the system choose.'),
  LECTERN_RTC_WORKERS: z.coerce
    .number()
    .int()
    .min(1)
    .max(maxWorkers)
    .default(() => Math.min(maxWorkers, availableParallelism()))
    .describe('Number of media workers; each is a process that uses one core. Default: the number of cores, at most 16.'),
  LECTERN_RTC_LISTEN_ADDRESS: z.ipv4().default('0.0.0.0').describe('IPv4 address that WebRTC listens on; 0.0.0.0 means all.'),
  LECTERN_ANNOUNCED_ADDRESS: emptyIsUnset
    .max(253)
    .optional()
    .describe("Public IP address or host name at which browsers reach this machine's media, if it is not an address of this machine (behind NAT, in a container)."),
});
export type SfuConfig = z.infer<typeof sfuConfig>;
