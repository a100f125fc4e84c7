import * as z from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);

/** Settings of ingest, by their names in the environment. */
export const ingestConfig = z.object({
  LECTERN_RTMP_PORT: port.default(1935).describe('RTMP port, to which OBS connects. 0 uses any free port.'),
  LECTERN_RTMPS_PORT: port.optional().describe('RTMPS port (RTMP over TLS), in addition to the plain one. Requires LECTERN_TLS_CERT and LECTERN_TLS_KEY.'),
  LECTERN_RTMP_LISTEN_ADDRESS: z.union([z.ipv4(), z.ipv6()]).default('0.0.0.0').describe('Address that RTMP listens on; 0.0.0.0 means all IPv4 addresses.'),
  LECTERN_RTMP_ADDRESS: z
    .string()
    .regex(/^[\w.-]+:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$/, 'must be host:port')
    .optional()
    .describe('host:port at which the other live nodes of the site reach the RTMP port of this one. They pass on encoders that have connected to the wrong node.'),
  LECTERN_TLS_CERT: z.string().optional().describe('File with the certificate chain (PEM). With LECTERN_TLS_KEY it enables HTTPS, and RTMPS on its own port.'),
  LECTERN_TLS_KEY: z.string().optional().describe('File with the private key of the certificate (PEM).'),
  LECTERN_FFMPEG: z.string().min(1).default('ffmpeg').describe('ffmpeg to run: a name in PATH or the path of a file.'),
});
export type IngestConfig = z.infer<typeof ingestConfig>;

/** Checks that span several settings; `main.ts` runs them on all settings. */
export function checkIngestConfig(config: IngestConfig, addProblem: (setting: keyof IngestConfig, message: string) => void): void {
  if (config.LECTERN_RTMPS_PORT === undefined || (config.LECTERN_TLS_CERT !== undefined && config.LECTERN_TLS_KEY !== undefined)) return;
  addProblem('LECTERN_RTMPS_PORT', 'RTMPS needs LECTERN_TLS_CERT and LECTERN_TLS_KEY, the certificate chain and its private key.');
}
