import * as z from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);

/** Ingest's settings, by their names in the environment. */
export const ingestConfig = z.object({
  /** Where OBS connects; 0 takes any free port. */
  LECTERN_RTMP_PORT: port.default(1935),
  /** RTMP over TLS, beside the plain port; needs LECTERN_TLS_CERT and LECTERN_TLS_KEY. */
  LECTERN_RTMPS_PORT: port.optional(),
  LECTERN_RTMP_LISTEN_ADDRESS: z.union([z.ipv4(), z.ipv6()]).default('0.0.0.0'),
  /** Certificate chain and private key, PEM files. */
  LECTERN_TLS_CERT: z.string().optional(),
  LECTERN_TLS_KEY: z.string().optional(),
  /** The ffmpeg to run: a name on the PATH or a path. */
  LECTERN_FFMPEG: z.string().min(1).default('ffmpeg'),
});
export type IngestConfig = z.infer<typeof ingestConfig>;
