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
  LECTERN_SECRET: z
    .string()
    .min(32, 'must have at least 32 random characters: openssl rand -hex 32')
    .optional()
    .describe('Random text that seals the signing keys in the database; the same on all machines. Leave it unset for a single machine: the data folder then has it.'),
  LECTERN_KEY_ROTATION_DAYS: z.coerce
    .number()
    .int()
    .min(0)
    .max(3650)
    .default(0)
    .describe('After how many days new signing keys replace the old ones. Nobody is signed out by that. 0: never.'),
  LECTERN_JOBS: z.coerce.number().int().min(1).max(64).default(2).describe('How many background jobs, such as posters, run on this node at once.'),
});
export type ProcessConfig = z.infer<typeof processConfig>;
