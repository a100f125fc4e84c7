import * as z from 'zod';
import { Instant } from '#engine/contract';

/** The last part of the address that OBS asks for as "Server": `rtmp://<host>:1935/live`. */
export const rtmpApp = 'live';

/** What may be said of a course's stream key after it was shown. */
export const StreamKeyStatus = z.object({
  hasKey: z.boolean(),
  createdAt: Instant.nullable(),
  /** When an encoder last connected with it. */
  lastUsedAt: Instant.nullable(),
  /** To tell which key it is; null without one. */
  lastFour: z.string().length(4).nullable(),
});
export type StreamKeyStatus = z.infer<typeof StreamKeyStatus>;

/** Shown once; the key before it is dead from that moment. */
export const IssuedStreamKey = z.object({ key: z.string().regex(/^[a-zA-Z0-9_-]{20,64}$/) });
export type IssuedStreamKey = z.infer<typeof IssuedStreamKey>;
