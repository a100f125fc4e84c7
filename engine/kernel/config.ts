import * as z from 'zod';

/** Settings of the process itself. */
export const processConfig = z.object({
  LECTERN_DATA_DIR: z.string().min(1).default('.data').describe('Data folder: database, recordings, secrets.'),
  LECTERN_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info').describe('Least severe log level that is written.'),
  LECTERN_LOG_FORMAT: z.enum(['pretty', 'json']).optional().describe('Log format: pretty to read (default at a terminal), json for machines (default elsewhere).'),
  LECTERN_DATABASE_URL: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\/[^/]/, 'must be an address like mongodb://host:27017/lectern?replicaSet=rs0')
    .optional()
    .describe('MongoDB: mongodb://host:27017/lectern?replicaSet=rs0. Unset: a database in the data folder, which one process can use.'),
  LECTERN_DATABASE_POOL: z.coerce.number().int().min(1).max(1000).default(50).describe('Connections of this process to MongoDB, at most.'),
  LECTERN_DATABASE_TIMEOUT_SECONDS: z.coerce
    .number()
    .min(1)
    .max(120)
    .default(15)
    .describe('How long a call waits for MongoDB before it fails. The election of a primary takes up to 12 s.'),
  LECTERN_REDIS_URL: z
    .string()
    .optional()
    .refine((url) => url === undefined, 'there is no Redis adapter yet; leave this unset to run a single node')
    .describe('Reserved for Redis, which is not supported yet. Leave it unset: Lectern runs as a single node.'),
});
export type ProcessConfig = z.infer<typeof processConfig>;
