import * as z from 'zod';

/** How media reaches ingest. */
export const IngestProtocol = z.enum(['rtmp']);
export type IngestProtocol = z.infer<typeof IngestProtocol>;

/** What an encoder that is not a browser sends, for the instructor's page. Measured over the last seconds. */
export const IngestHealth = z.object({
  protocol: IngestProtocol,
  state: z.enum(['connecting', 'running', 'refused', 'gone']),
  problem: z.string().nullable().describe('A sentence for the instructor: why the encoder was refused, or what is wrong. Null if nothing is wrong.'),
  widthPx: z.number().int().nullable(),
  heightPx: z.number().int().nullable(),
  frameRate: z.number().nullable(),
  videoBitrateBps: z.number().nullable(),
  audioBitrateBps: z.number().nullable(),
  audioSampleRateHz: z.number().int().nullable(),
  keyframeIntervalSeconds: z.number().nullable(),
  hasBFrames: z.boolean().nullable(),
  droppedFrames: z.number().int().describe('Video frames that are missing since the encoder connected, by the gaps between the others.'),
  isReencoded: z.boolean().describe('The WebRTC feed is re-encoded, because browsers cannot play the source as it is: B-frames, rare keyframes, or a profile that browsers do not decode.'),
  advice: z.array(z.string()).describe('Sentences that say what to change in the encoder, the most important first.'),
});
export type IngestHealth = z.infer<typeof IngestHealth>;
