import * as z from 'zod';
import { hasAllRoles, Roles } from './roles.ts';

/** Settings of the process itself. */
export const processConfig = z.object({
  LECTERN_DATA_DIR: z.string().min(1).default('.data').describe('Data folder: database, recordings, secrets.'),
  LECTERN_ROLES: Roles.describe('What this process does: words of live, api, delivery, worker, separated by commas. Fewer than all need MongoDB, Redis and S3.'),
  LECTERN_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info').describe('Least severe log level that is written.'),
  LECTERN_LOG_FORMAT: z.enum(['pretty', 'json']).optional().describe('Log format: pretty to read (default at a terminal), json for machines (default elsewhere).'),
  LECTERN_DATABASE_URL: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\/[^/]/, 'must be an address like mongodb://host:27017/lectern?replicaSet=rs0')
    .optional()
    .describe('MongoDB: mongodb://host:27017/lectern?replicaSet=rs0. Unset: a file in the data folder, which only one process can use.'),
  LECTERN_DATABASE_POOL: z.coerce.number().int().min(1).max(1000).default(50).describe('Maximum number of connections of this process to MongoDB.'),
  LECTERN_DATABASE_TIMEOUT_SECONDS: z.coerce
    .number()
    .min(1)
    .max(120)
    .default(15)
    .describe('Time limit of a call to MongoDB. The election of a new primary takes up to 12 s.'),
  LECTERN_REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\/\S+$/, 'must be an address like redis://host:6379, or rediss:// for TLS')
    .optional()
    .describe('Redis server that connects several processes of one site: redis://user:password@host:6379. Leave it unset for a single process.'),
  LECTERN_SECRET: z
    .string()
    .min(32, 'must have at least 32 random characters: openssl rand -hex 32')
    .optional()
    .describe('Seal key: random text that encrypts the signing keys in the database, the same for all processes of a site. Unset: it is created in the data folder, for a single machine.'),
  LECTERN_KEY_ROTATION_DAYS: z.coerce
    .number()
    .int()
    .min(0)
    .max(3650)
    .default(0)
    .describe('Number of days after which new signing keys replace the old ones. Users stay signed in. 0: never.'),
  LECTERN_JOBS: z.coerce.number().int().min(1).max(64).default(2).describe('Number of background jobs, such as posters, that run on this node at once.'),
});
export type ProcessConfig = z.infer<typeof processConfig>;

/** What a process with fewer than all roles needs beside its own settings. */
interface SiteSettings {
  LECTERN_S3_BUCKET?: string | undefined;
  LECTERN_SIGNALING_PATH: string;
  LECTERN_RTMP_ADDRESS?: string | undefined;
}

/** Checks that span several settings; `main.ts` runs them on all settings. */
export function checkProcessConfig(config: ProcessConfig & SiteSettings, addProblem: (setting: string, message: string) => void): void {
  if (hasAllRoles(config.LECTERN_ROLES)) return;
  for (const needed of ['LECTERN_DATABASE_URL', 'LECTERN_REDIS_URL', 'LECTERN_S3_BUCKET', 'LECTERN_SECRET'] as const) {
    if (config[needed] === undefined) addProblem(needed, 'must be set, with the same value in all processes of the site, because this process does not have all roles (LECTERN_ROLES).');
  }
  if (!config.LECTERN_ROLES.has('live')) return;
  if (config.LECTERN_SIGNALING_PATH === '/socket.io') addProblem('LECTERN_SIGNALING_PATH', 'must be a path of this process alone, such as /nodes/live-1/socket.io, which the proxy leads to it.');
  if (config.LECTERN_RTMP_ADDRESS === undefined) addProblem('LECTERN_RTMP_ADDRESS', 'must be set to host:port, at which the other live processes reach the RTMP port of this one.');
}
