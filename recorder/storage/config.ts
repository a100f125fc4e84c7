import * as z from 'zod';

const webUrl = z.url({ protocol: /^https?$/, error: 'must be an address like https://s3.example.org' }).transform((url) => url.replace(/\/+$/, ''));

const className = z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, 'must be the name of a storage class, such as STANDARD_IA');

/** Settings of the object store; without a bucket it is a folder in the data folder. */
export const storageConfig = z.object({
  LECTERN_S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be 3 to 63 lower-case letters, digits, dots and hyphens')
    .optional()
    .describe('Bucket for recordings, at AWS or another S3 server. Unset: recordings are stored in the data folder.'),
  LECTERN_S3_ENDPOINT: webUrl.optional().describe('URL of the S3 server: https://s3.example.org. Unset: AWS.'),
  LECTERN_S3_REGION: z.string().min(1).default('us-east-1').describe('Region of the bucket; most servers other than AWS accept any.'),
  LECTERN_S3_ACCESS_KEY_ID: z.string().optional().describe('Access key. Unset: the credentials that AWS gives the machine (its role).'),
  LECTERN_S3_SECRET_ACCESS_KEY: z.string().optional().describe('Secret access key.'),
  LECTERN_S3_ADDRESSING: z
    .enum(['path', 'virtual-host'])
    .default('path')
    .describe('Position of the bucket in URLs: https://server/bucket/… (path) or https://bucket.server/… (virtual-host).'),
  LECTERN_S3_PUBLIC_ENDPOINT: webUrl
    .optional()
    .describe('URL at which browsers reach the S3 server, if it is not LECTERN_S3_ENDPOINT.'),
  LECTERN_S3_INFREQUENT_CLASS: className.default('STANDARD_IA').describe('Name of the storage class at the S3 server for videos that are seldom watched. Its objects are readable at once.'),
  LECTERN_S3_ARCHIVE_CLASS: className.default('GLACIER').describe('Name of the storage class at the S3 server for videos that nobody watches: GLACIER, DEEP_ARCHIVE, GLACIER_IR or any that the server knows.'),
  LECTERN_S3_RESTORE_TIER: z
    .enum(['Standard', 'Bulk', 'Expedited'])
    .default('Standard')
    .describe('How AWS restores archived objects: Standard (3 to 5 hours), Bulk (5 to 12 hours, cheapest), Expedited (minutes, dearest). Twice to four times as long from DEEP_ARCHIVE, which has no Expedited.'),
  LECTERN_MEDIA_DELIVERY: z
    .enum(['redirect', 'proxy'])
    .optional()
    .describe('redirect: browsers fetch media from the S3 server by signed URLs (default with S3). proxy: through Lectern.'),
  LECTERN_PLAYBACK_HOURS: z.coerce
    .number()
    .min(0.1)
    .max(24 * 7)
    .default(6)
    .describe('Lifetime of the playback URL of a video; the page then requests a new one. Removing a person ends access within a minute regardless.'),
});
export type StorageConfig = z.infer<typeof storageConfig>;

/** Checks that span several settings; `main.ts` runs them on all settings. */
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

/** True if browsers fetch media from the S3 server: the default with a bucket. */
export function isRedirectingMedia(config: StorageConfig): boolean {
  return config.LECTERN_S3_BUCKET !== undefined && config.LECTERN_MEDIA_DELIVERY !== 'proxy';
}
