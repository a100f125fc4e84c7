import * as z from 'zod';
import { clamdAddress } from './scan/clamdAddress.ts';

/** Settings of uploads. Sizes and quotas are settings of the site, which change at run time. */
export const uploadConfig = z.object({
  LECTERN_CLAMD: z
    .string()
    .refine((text) => clamdAddress(text) !== undefined, 'must be host:port, or the path of a socket like /run/clamav/clamd.ctl')
    .optional()
    .describe('Address of clamd, which scans uploads before anyone can see them: host:port, or the path of its socket. Unset: they are not scanned.'),
});
export type UploadConfig = z.infer<typeof uploadConfig>;
