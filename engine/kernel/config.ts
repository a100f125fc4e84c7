import * as z from 'zod';

/** Settings of the process: data folder, log, database and bus. */
export const processConfig = z.object({
  LECTERN_DATA_DIR: z.string().min(1).default('.data').describe('Folder for the database, the recordings and the secrets.'),
  LECTERN_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info').describe('The least severe level that is logged.'),
  LECTERN_LOG_FORMAT: z.enum(['pretty', 'json']).optional().describe('pretty (readable lines; default on a terminal) or json.'),
  LECTERN_DATABASE_URL: z
    .string()
    .optional()
    .refine((url) => url === undefined, 'MongoDB is not supported yet; leave this unset to use the embedded database')
    .describe('Reserved for MongoDB, which is not supported yet. Unset: the embedded database.'),
  LECTERN_REDIS_URL: z
    .string()
    .optional()
    .refine((url) => url === undefined, 'Redis is not supported yet; leave this unset to run one node')
    .describe('Reserved for Redis, which is not supported yet. Unset: one node.'),
});
export type ProcessConfig = z.infer<typeof processConfig>;
