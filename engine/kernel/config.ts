import * as z from 'zod';

/** Settings of the process itself. */
export const processConfig = z.object({
  LECTERN_DATA_DIR: z.string().min(1).default('.data').describe('Folder for everything that is kept: database, recordings, secrets.'),
  LECTERN_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info').describe('How much is logged.'),
  LECTERN_LOG_FORMAT: z.enum(['pretty', 'json']).optional().describe('pretty for people (default at a terminal), json for machines.'),
  LECTERN_DATABASE_URL: z
    .string()
    .optional()
    .refine((url) => url === undefined, 'the MongoDB adapter is still to come; leave this unset to use the embedded database')
    .describe('MongoDB, once its adapter is there. Without it: the embedded database.'),
  LECTERN_REDIS_URL: z
    .string()
    .optional()
    .refine((url) => url === undefined, 'the Redis adapter is still to come; leave this unset to run one node')
    .describe('Redis, once its adapter is there. Without it: one node.'),
});
export type ProcessConfig = z.infer<typeof processConfig>;
