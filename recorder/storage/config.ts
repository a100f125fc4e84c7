import * as z from 'zod';

const webUrl = z.url({ protocol: /^https?$/, error: 'must be an address like https://s3.example.org' }).transform((url) => url.replace(/\/+$/, ''));

/** Where recordings lie; without a bucket it is a folder in the data folder. */
export const storageConfig = z.object({
  LECTERN_S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be 3 to 63 lower-case letters, digits, dots and hyphens')
    .optional()
    .describe('Bucket for recordings at S3 or a server that speaks it. Without it they lie in the data folder.'),
  LECTERN_S3_ENDPOINT: webUrl.optional().describe('Address of the S3 server; without it, AWS: https://s3.example.org'),
  LECTERN_S3_REGION: z.string().min(1).default('us-east-1').describe('Region of the bucket; most other servers take any.'),
  LECTERN_S3_ACCESS_KEY_ID: z.string().optional().describe('Access key. Without it, what the machine has from AWS (its role).'),
  LECTERN_S3_SECRET_ACCESS_KEY: z.string().optional().describe('Secret of the access key.'),
  LECTERN_S3_ADDRESSING: z
    .enum(['path', 'virtual-host'])
    .default('path')
    .describe('Where the bucket stands in an address: https://server/bucket/… (path) or https://bucket.server/… (virtual-host).'),
  LECTERN_S3_PUBLIC_ENDPOINT: webUrl
    .optional()
    .describe('Address that browsers reach the S3 server at, when it is not LECTERN_S3_ENDPOINT.'),
  LECTERN_MEDIA_DELIVERY: z
    .enum(['redirect', 'proxy'])
    .optional()
    .describe('redirect: browsers fetch media from the S3 server by signed addresses (default there). proxy: through Lectern.'),
  LECTERN_PLAYBACK_HOURS: z.coerce
    .number()
    .min(0.1)
    .max(24 * 7)
    .default(6)
    .describe('How long the address of a video works before the page takes a new one. Removing someone ends it within a minute.'),
});
export type StorageConfig = z.infer<typeof storageConfig>;

/** What no single setting can say; `main.ts` hangs it on the whole of the settings. */
export function checkStorageConfig(config: StorageConfig, addProblem: (setting: keyof StorageConfig, message: string) => void): void {
  if ((config.LECTERN_S3_ACCESS_KEY_ID === undefined) !== (config.LECTERN_S3_SECRET_ACCESS_KEY === undefined)) {
    addProblem('LECTERN_S3_SECRET_ACCESS_KEY', 'LECTERN_S3_ACCESS_KEY_ID and LECTERN_S3_SECRET_ACCESS_KEY go together: set both or neither.');
  }
  if (config.LECTERN_S3_BUCKET !== undefined) return;
  if (config.LECTERN_S3_ENDPOINT !== undefined) addProblem('LECTERN_S3_BUCKET', 'LECTERN_S3_ENDPOINT needs a bucket: set LECTERN_S3_BUCKET too.');
  if (config.LECTERN_MEDIA_DELIVERY === 'redirect') {
    addProblem('LECTERN_MEDIA_DELIVERY', 'Redirecting needs an S3 server: set LECTERN_S3_BUCKET, or leave this setting out.');
  }
}

/** With a store that has addresses for browsers, no media passes through this process unless someone wants it to. */
export function isRedirectingMedia(config: StorageConfig): boolean {
  return config.LECTERN_S3_BUCKET !== undefined && config.LECTERN_MEDIA_DELIVERY !== 'proxy';
}
