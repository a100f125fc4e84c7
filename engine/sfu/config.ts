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
    .describe('First port for WebRTC, UDP and TCP; every worker takes one, counting up. 0 lets the system choose.'),
  LECTERN_RTC_WORKERS: z.coerce
    .number()
    .int()
    .min(1)
    .max(maxWorkers)
    .default(() => Math.min(maxWorkers, availableParallelism()))
    .describe('Media workers, one thread each. By default as many as there are cores, at most 16.'),
  LECTERN_RTC_LISTEN_ADDRESS: z.ipv4().default('0.0.0.0').describe('The IPv4 address that WebRTC listens on; 0.0.0.0 is all of them.'),
  LECTERN_ANNOUNCED_ADDRESS: emptyIsUnset
    .max(253)
    .optional()
    .describe("The address browsers reach this machine's media at (public IP or host name), when it is not one of its own."),
});
export type SfuConfig = z.infer<typeof sfuConfig>;
