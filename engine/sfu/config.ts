import { availableParallelism } from 'node:os';
import * as z from 'zod';
import { fullShare, homeShare } from './limits.ts';

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
    .describe('First port for WebRTC, over UDP and TCP. The first worker uses this port, each other worker the next one. 0 uses any free ports.'),
  LECTERN_RTC_WORKERS: z.coerce
    .number()
    .int()
    .min(1)
    .max(maxWorkers)
    .default(() => Math.min(maxWorkers, availableParallelism()))
    .describe('Number of media workers; each is a process that uses one core. Default: the number of cores, at most 16.'),
  LECTERN_RTC_HOME_SHARE: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(homeShare)
    .describe("Share of a core that a lecture's first worker uses before viewers are placed on other workers. 0 spreads even small classes."),
  LECTERN_RTC_FULL_SHARE: z.coerce
    .number()
    .min(0.1)
    .max(2)
    .default(fullShare)
    .describe('Share of a core that a worker uses before it takes no more viewers. When all workers are full, new viewers are told that the lecture is full. Above 1: never.'),
  LECTERN_RTC_MAX_EGRESS_MBPS: z.coerce
    .number()
    .positive()
    .optional()
    .describe('Mbps that this machine sends to viewers at most, in all lectures together. Beyond that, new viewers are told that the lecture is full. Default: no limit.'),
  LECTERN_RTC_LISTEN_ADDRESS: z.ipv4().default('0.0.0.0').describe('IPv4 address that WebRTC listens on; 0.0.0.0 means all.'),
  LECTERN_ANNOUNCED_ADDRESS: emptyIsUnset
    .max(253)
    .optional()
    .describe("Public IP address or host name at which browsers reach this machine's media, if it is not an address of this machine (behind NAT, in a container)."),
});
export type SfuConfig = z.infer<typeof sfuConfig>;
