import { spawnSync } from 'node:child_process';

import { installPackages } from './debian.mjs';

/** Redis, which connects the processes of a cluster. With `LECTERN_REDIS_URL` there is one already. */
export const redis = {
  missing({ env }) {
    if (env.LECTERN_REDIS_URL) return undefined;
    return spawnSync('redis-server', ['--version'], { env }).status === 0 ? undefined : 'the cluster needs Redis, and redis-server is not in PATH';
  },

  async provide({ env }) {
    await installPackages(['redis-server'], {
      env,
      why: 'The cluster needs Redis, and redis-server is not in PATH.',
      elsewhere: 'Install Redis, or set LECTERN_REDIS_URL.',
    });
  },
};
