import * as z from 'zod';

/** Settings of the process itself. */
export const processConfig = z.object({
  LECTERN_DATA_DIR: z.string().min(1).default('.data').describe('Data folder: database, recordings, secrets.'),
  LECTERN_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info').describe('Least severe log level that is written.'),
  LECTERN_LOG_FORMAT: z.enum(['pretty', 'json']).optional().describe('Log format: pretty to read (default at a terminal), json for machines (default elsewhere).'),
  LECTERN_DATABASE_URL: z
    .string()
    .optional()
    .refine((url) => url === undefined, 'there is no MongoDB adapter yet; leave this unset to use the embedded database')
    .describe('Reserved for MongoDB, which is not supported yet. Leave it unset: the embedded database is used.'),
  LECTERN_REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\/\S+$/, 'must be an address like redis://host:6379, or rediss:// for TLS')
    .optional()
    .describe('Redis that connects several processes of one installation: redis://user:password@host:6379. Leave it unset for a single process.'),
});
export type ProcessConfig = z.infer<typeof processConfig>;
