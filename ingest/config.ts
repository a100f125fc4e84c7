import * as z from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);

/** Ingest's settings, by their names in the environment. */
export const ingestConfig = z.object({
  LECTERN_RTMP_PORT: port.default(1935).describe('Where OBS connects. 0 takes any free port.'),
  LECTERN_RTMPS_PORT: port.optional().describe('RTMP over TLS, beside the plain port; needs LECTERN_TLS_CERT and LECTERN_TLS_KEY.'),
  LECTERN_RTMP_LISTEN_ADDRESS: z.union([z.ipv4(), z.ipv6()]).default('0.0.0.0').describe('The address that RTMP listens on; 0.0.0.0 is all of them.'),
  LECTERN_TLS_CERT: z.string().optional().describe('File with the certificate chain (PEM); with LECTERN_TLS_KEY it makes this HTTPS, and RTMPS possible.'),
  LECTERN_TLS_KEY: z.string().optional().describe('File with the private key of the certificate (PEM).'),
  LECTERN_FFMPEG: z.string().min(1).default('ffmpeg').describe('The ffmpeg to run: a name on the PATH or a file.'),
});
export type IngestConfig = z.infer<typeof ingestConfig>;

/** What no single setting can say; `main.ts` hangs it on the whole of the settings. */
export function checkIngestConfig(config: IngestConfig, addProblem: (setting: keyof IngestConfig, message: string) => void): void {
  if (config.LECTERN_RTMPS_PORT === undefined || (config.LECTERN_TLS_CERT !== undefined && config.LECTERN_TLS_KEY !== undefined)) return;
  addProblem('LECTERN_RTMPS_PORT', 'RTMPS needs LECTERN_TLS_CERT and LECTERN_TLS_KEY, the certificate chain and its private key.');
}
