import * as z from 'zod';

const webUrl = z.url({ protocol: /^https?$/, error: 'must be an address like https://s3.example.org' }).transform((url) => url.replace(/\/+$/, ''));

/** Where recordings are stored. Without a bucket, that is a folder in the data folder. */
export const storageConfig = z.object({
  LECTERN_S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be 3 to 63 lower-case letters, digits, dots and hyphens')
    .optional()
    .describe('Bucket for recordings at S3 or a compatible server. Without it, they are stored in the data folder.'),
  LECTERN_S3_ENDPOINT: webUrl.optional().describe('Address of the S3 server, such as https://s3.example.org. Without it, AWS.'),
  LECTERN_S3_REGION: z.string().min(1).default('us-east-1').describe('Region of the bucket. Most other servers accept any.'),
  LECTERN_S3_ACCESS_KEY_ID: z.string().optional().describe('Access key. Without it, the credentials that AWS gives the machine (its role).'),
  LECTERN_S3_SECRET_ACCESS_KEY: z.string().optional().describe('Secret of the access key.'),
  LECTERN_S3_ADDRESSING: z
    .enum(['path', 'virtual-host'])
    .default('path')
    .describe('Position of the bucket in URLs: https://server/bucket/… (path) or https://bucket.server/… (virtual-host).'),
  LECTERN_S3_PUBLIC_ENDPOINT: webUrl
    .optional()
    .describe('Address of the S3 server for browsers, if it is not LECTERN_S3_ENDPOINT.'),
  LECTERN_MEDIA_DELIVERY: z
    .enum(['redirect', 'proxy'])
    .optional()
    .describe('redirect (default with S3): browsers fetch media from the S3 server by signed URLs. proxy: through Lectern.'),
  LECTERN_PLAYBACK_HOURS: z.coerce
    .number()
    .min(0.1)
    .max(24 * 7)
    .default(6)
    .describe('How long the URL of a video is valid before the page requests a new one. Removing a person revokes it within a minute.'),
});
export type StorageConfig = z.infer<typeof storageConfig>;

/** Checks settings that depend on one another. */
export function checkStorageConfig(config: StorageConfig, addProblem: (setting: keyof StorageConfig, message: string) => void): void {
  if ((config.LECTERN_S3_ACCESS_KEY_ID === undefined) !== (config.LECTERN_S3_SECRET_ACCESS_KEY === undefined)) {
    addProblem('LECTERN_S3_SECRET_ACCESS_KEY', 'LECTERN_S3_ACCESS_KEY_ID and LECTERN_S3_SECRET_ACCESS_KEY belong together: set both or neither.');
  }
  if (config.LECTERN_S3_BUCKET !== undefined) return;
  if (config.LECTERN_S3_ENDPOINT !== undefined) addProblem('LECTERN_S3_BUCKET', 'LECTERN_S3_ENDPOINT needs a bucket: set LECTERN_S3_BUCKET too.');
  if (config.LECTERN_MEDIA_DELIVERY === 'redirect') {
    addProblem('LECTERN_MEDIA_DELIVERY', 'Redirecting needs an S3 server: set LECTERN_S3_BUCKET, or omit this setting.');
  }
}

/** True when browsers fetch media from the S3 server, which is the default with S3. */
export function isRedirectingMedia(config: StorageConfig): boolean {
  return config.LECTERN_S3_BUCKET !== undefined && config.LECTERN_MEDIA_DELIVERY !== 'proxy';
}
