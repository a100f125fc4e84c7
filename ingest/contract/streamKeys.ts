import * as z from 'zod';
import { Instant } from '#engine/contract';

/** The last part of the address that OBS calls "Server": `rtmp://<host>:1935/live`. */
export const rtmpApp = 'live';

/** The address that OBS calls "Server". RTMPS protects the stream key, so it is shown where it is open. */
export function encoderServerUrl(hostname: string, { rtmpPort, rtmpsPort }: { rtmpPort: number; rtmpsPort: number | undefined }): string {
  const [scheme, port, defaultPort] = rtmpsPort === undefined ? ['rtmp', rtmpPort, 1935] : ['rtmps', rtmpsPort, 443];
  return `${scheme}://${hostname}${port === defaultPort ? '' : `:${port}`}/${rtmpApp}`;
}

/** The status of a course's stream key. It does not contain the key. */
export const StreamKeyStatus = z.object({
  hasKey: z.boolean(),
  createdAt: Instant.nullable(),
  /** When an encoder connected with it last. */
  lastUsedAt: Instant.nullable(),
  /** When an encoder connected with it last and was refused, because no lecture was live or due. Null after a connection that was accepted. */
  unawaitedAt: Instant.nullable(),
  /** The last four characters of the key; null without a key. */
  lastFour: z.string().length(4).nullable(),
});
export type StreamKeyStatus = z.infer<typeof StreamKeyStatus>;

/** Shown once. The key before it is no longer valid. */
export const IssuedStreamKey = z.object({ key: z.string().regex(/^[a-zA-Z0-9_-]{20,64}$/) });
export type IssuedStreamKey = z.infer<typeof IssuedStreamKey>;
