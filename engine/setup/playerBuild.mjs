import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { runLogged } from './progress.mjs';
import { filesBelow, readStamp, stampOf, writeStamp } from './stamps.mjs';
import { cacheFolder } from './workerPath.mjs';

const config = 'player/vite.config.ts';
const stampFile = 'player/dist/.stamp';
const buildTimeoutMs = 5 * 60_000;
const notPartOfThePlayer = /^player\/(dist|e2e)(\/|$)|\.test\.tsx?$/;

/** The pages, built from player/ and the contracts that they use. */
export const playerBuild = {
  missing({ root }) {
    if (!existsSync(join(root, config))) return undefined;
    return readStamp(join(root, stampFile)) === sourceStamp(root) ? undefined : 'building the player';
  },

  async provide({ root, env }) {
    const stamp = sourceStamp(root);
    await runLogged(join(root, 'node_modules/.bin/node'), ['node_modules/vite/bin/vite.js', 'build', '--config', config], {
      name: 'vite build',
      log: join(cacheFolder(env), 'player-build.log'),
      cwd: root,
      env,
      timeoutMs: buildTimeoutMs,
    });
    writeStamp(join(root, stampFile), stamp);
  },
};

function sourceStamp(root) {
  const contracts = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${entry.name}/contract`);
  const sources = ['player', ...contracts, 'package.json', 'package-lock.json'];
  return stampOf(filesBelow(root, sources, (name) => !notPartOfThePlayer.test(name)));
}
