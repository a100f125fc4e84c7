import { fileURLToPath } from 'node:url';

import { faketime, nginx, nginxStream } from './testPrograms.mjs';
import { mediaTools, browser } from './mediaTools.mjs';
import { packages } from './packages.mjs';
import { playerBuild } from './playerBuild.mjs';
import { redis } from './redis.mjs';
import { SetupProblem, say } from './progress.mjs';
import { setupLock } from './setupLock.mjs';
import { worker } from './worker.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

// A step says what is missing in a few words, and provides it. It is checked without the lock, so that a machine that is
// ready does not wait, and again with it, as another set-up may have done the work meanwhile.
const steps = {
  start: [packages, worker, mediaTools, playerBuild],
  test: [packages, worker, mediaTools, playerBuild, browser, faketime, nginx, nginxStream],
  bench: [packages, worker, mediaTools, playerBuild, browser, nginx],
  cluster: [packages, worker, mediaTools, playerBuild, redis, nginx, nginxStream],
};

/** Returns the exit status. */
export async function prepare(purpose, env = process.env) {
  const lock = setupLock(env);
  const startedAt = Date.now();
  let hasWorked = false;
  try {
    for (const step of steps[purpose]) {
      const context = { root, env, purpose };
      if (!(await step.missing(context))) continue;
      await lock.take();
      const missing = await step.missing(context);
      if (!missing) continue;
      say(missing);
      await step.provide(context);
      hasWorked = true;
    }
    if (hasWorked) say(`ready after ${Math.round((Date.now() - startedAt) / 1000)} s`);
    return 0;
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error;
    say(error.message);
    // `npm test` has its last line even when it cannot begin.
    if (purpose === 'test') console.log('\n0 passed, 1 failed');
    return 1;
  } finally {
    lock.release();
  }
}
