import * as z from 'zod';

/** How media reaches ingest. */
export const IngestProtocol = z.enum(['rtmp', 'whip']);
export type IngestProtocol = z.infer<typeof IngestProtocol>;

/** What an encoder that is not a browser sends, for the instructor's page. Measured over the last seconds. */
export const IngestHealth = z.object({
  protocol: IngestProtocol,
  state: z.enum(['connecting', 'running', 'refused', 'gone']),
  /** Why it was refused or what is wrong, in words that say what to do; null when all is well. */
  problem: z.string().nullable(),
  widthPx: z.number().int().nullable(),
  heightPx: z.number().int().nullable(),
  frameRate: z.number().nullable(),
  videoBitrateBps: z.number().nullable(),
  audioBitrateBps: z.number().nullable(),
  audioSampleRateHz: z.number().int().nullable(),
  keyframeIntervalSeconds: z.number().nullable(),
  hasBFrames: z.boolean().nullable(),
  /** The WebRTC copy is re-encoded because the source has B-frames or rare keyframes. The recording is not. */
  isReencoded: z.boolean(),
  /** What to change in the encoder, in plain words, most important first. */
  advice: z.array(z.string()),
});
export type IngestHealth = z.infer<typeof IngestHealth>;
